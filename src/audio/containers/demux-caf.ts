// Apple, "Core Audio Format Specification 1.0".

import { ByteReader } from "../byte-reader.ts";
import { truncated, unsupported } from "../format-faults.ts";
import { type PcmLayout, pcmTrack } from "../pcm.ts";
import type { Packet, Track } from "../track.ts";
import { demuxMp3 } from "./demux-mpeg.ts";
import { readAacConfig } from "./mp4-sample-entry.ts";
import { quickTimeAdpcmTrack } from "./quicktime-adpcm-track.ts";

type Description = {
  sampleRate: number;
  format: string;
  flags: number;
  bytesPerPacket: number;
  nChannels: number;
  bitsPerChannel: number;
};

/**
 * The sound of a CAF file: PCM, float, A-law, mu-law, AAC, ALAC, MP3, IMA ADPCM.
 *
 * @param bytes The file; begins with `caff`.
 * @returns The track.
 * @throws {AudioFormatError} `audio-unsupported`: names the codec; `audio-truncated`; `audio-damaged`.
 */
export function demuxCaf(bytes: Uint8Array): Track {
  const chunks = findCafChunks(bytes);
  const desc = chunks.get("desc");
  const data = chunks.get("data");
  if (!desc || !data) throw truncated("the CAF file ends before its samples");
  const description = readDescription(desc);
  const sound = data.subarray(4);
  const layout = pcmLayout(description);
  if (layout) return pcmTrack(sound, layout, Math.round(description.sampleRate));
  return codedTrack({ ...description, sound, kuki: chunks.get("kuki"), pakt: chunks.get("pakt") });
}

// The first of each kind that is read here; a size of -1 reaches to the end.
function findCafChunks(bytes: Uint8Array): Map<string, Uint8Array> {
  const wanted = ["desc", "data", "kuki", "pakt"];
  const chunks = new Map<string, Uint8Array>();
  const reader = new ByteReader(bytes, "CAF file");
  reader.skip(8);
  while (reader.remaining >= 12) {
    const type = reader.text(4);
    const size = reader.i64();
    const content = reader.take(size < 0 ? reader.remaining : Math.min(size, reader.remaining));
    if (wanted.includes(type) && !chunks.has(type)) chunks.set(type, content);
  }
  return chunks;
}

function readDescription(desc: Uint8Array): Description {
  const reader = new ByteReader(desc, "CAF desc chunk");
  const head = {
    sampleRate: reader.f64(),
    format: reader.text(4),
    flags: reader.u32(),
    bytesPerPacket: reader.u32(),
  };
  reader.skip(4);
  return { ...head, nChannels: reader.u32(), bitsPerChannel: reader.u32() };
}

// Flags: 1 float, 2 little-endian.
function pcmLayout({ format, flags, nChannels, bitsPerChannel }: Description): PcmLayout | undefined {
  if (format === "ulaw") return { encoding: "mu-law", bytesPerSample: 1, nChannels, littleEndian: false };
  if (format === "alaw") return { encoding: "a-law", bytesPerSample: 1, nChannels, littleEndian: false };
  const bytesPerSample = Math.ceil(bitsPerChannel / 8);
  const isFloat = (flags & 1) !== 0;
  if (format !== "lpcm" || !(isFloat ? [4, 8] : [1, 2, 3, 4]).includes(bytesPerSample)) return undefined;
  return {
    encoding: isFloat ? "float" : "signed",
    bytesPerSample,
    nChannels,
    littleEndian: (flags & 2) !== 0,
  };
}

type Coded = Description & { sound: Uint8Array; kuki: Uint8Array | undefined; pakt: Uint8Array | undefined };

function codedTrack(coded: Coded): Track {
  const { format, sound, kuki = new Uint8Array(0), pakt, sampleRate } = coded;
  if (format === "ima4") return adpcmTrack(coded);
  if (format === ".mp3") return demuxMp3(sound);
  if ((format !== "aac " && format !== "alac") || !pakt) {
    const letters = format.replace(/[^ -~]/g, "?");
    throw unsupported(`CAF codec "${letters}"`);
  }
  const reader = new ByteReader(pakt, "CAF pakt chunk");
  const nPackets = reader.u64();
  const nFrames = reader.u64();
  const nPriming = reader.u32();
  reader.skip(4);
  reader.checkTable(nPackets, 1);
  const table = reader.rest();
  return {
    codec:
      format === "alac"
        ? { kind: "alac", cookie: alacCookie(kuki) }
        : { kind: "aac", config: readAacConfig(kuki) },
    packets: { [Symbol.iterator]: () => readPackets(sound, table, nPackets) },
    skipSeconds: nPriming / sampleRate,
    durationSeconds: nFrames > 0 ? nFrames / sampleRate : undefined,
  };
}

// Packets of one size need no table; what there is of it says how many samples the last one holds.
function adpcmTrack({ sound, nChannels, sampleRate, pakt }: Coded): Track {
  const nFrames = pakt && pakt.length >= 16 ? new ByteReader(pakt.subarray(8), "CAF pakt chunk").u64() : 0;
  return quickTimeAdpcmTrack(sound, { nChannels, sampleRate: Math.round(sampleRate), nFrames });
}

// Older files wrap the cookie into boxes: 12 bytes of `frma`, 12 of the head of `alac`.
function alacCookie(kuki: Uint8Array): Uint8Array {
  return String.fromCharCode(...kuki.subarray(4, 8)) === "frma" ? kuki.subarray(24) : kuki;
}

// Sizes are written in groups of seven bits, the last one without the highest bit.
function* readPackets(sound: Uint8Array, table: Uint8Array, nPackets: number): Generator<Packet> {
  let tableAt = 0;
  let at = 0;
  for (let i = 0; i < nPackets && tableAt < table.length; i++) {
    let size = 0;
    let byte = 0x80;
    while (byte & 0x80 && tableAt < table.length) {
      byte = table[tableAt++]!;
      size = size * 128 + (byte & 0x7f);
    }
    if (at + size > sound.length) return;
    if (size > 0) yield { data: sound.subarray(at, at + size) };
    at += size;
  }
}
