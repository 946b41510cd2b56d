import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { damaged, unsupported } from "../format-faults.ts";
import { MAX_CHANNELS, type PacketDecoder } from "./codec.ts";
import { DecoderPool } from "./decoder-pool.ts";
import { quietly } from "./quietly.ts";

type Headers = { identification: Uint8Array; setup: Uint8Array };
type Kept = { decoder: OggVorbisDecoder; headers: Headers; isSetUp: boolean };

const pool = new DecoderPool<Kept>(
  async () => {
    const decoder = new OggVorbisDecoder();
    await decoder.ready;
    const none = new Uint8Array(0);
    return { decoder, headers: { identification: none, setup: none }, isSetUp: false };
  },
  ({ decoder }) => decoder.free(),
);

/**
 * A decoder of Vorbis packets (libvorbis in WebAssembly). Files of one encoder with one setting have the same headers,
 * and one decoder after another, which then need not be set up again.
 *
 * @param headers The identification and the set-up packet.
 * @throws {AudioFormatError} `audio-damaged`: no identification; `audio-unsupported`: more than 8 channels.
 */
export async function openVorbisDecoder(headers: Headers): Promise<PacketDecoder> {
  checkIdentification(headers.identification);
  const kept = await pool.acquire((one) => isSame(one.headers, headers));
  kept.headers = { identification: headers.identification.slice(), setup: headers.setup.slice() };
  let hasBegun = false;
  return {
    async decode(packet) {
      const pages = kept.isSetUp
        ? [audioPage(packet, headers)]
        : [headerPage(headers), audioPage(packet, headers)];
      // Blocks overlap: what a kept decoder gives for the first one is half of another file.
      const isForeign = kept.isSetUp && !hasBegun;
      kept.isSetUp = true;
      hasBegun = true;
      const { channelData, samplesDecoded, sampleRate } = await quietly(() =>
        kept.decoder.decodeOggPages(pages),
      );
      return samplesDecoded > 0 && !isForeign ? [{ channels: channelData, sampleRate }] : [];
    },
    release: (intact) => pool.release(kept, intact && kept.isSetUp),
  };
}

// Vorbis I, 4.2.2: 0x01 "vorbis", four bytes of version, then the number of channels.
function checkIdentification(packet: Uint8Array): void {
  const nChannels = packet[11];
  if (packet.length < 30 || !nChannels) throw damaged("damaged Vorbis stream: no identification header");
  if (nChannels > MAX_CHANNELS) {
    throw unsupported(`Vorbis with ${nChannels} channels`, `up to ${MAX_CHANNELS}`);
  }
}

function isSame(a: Headers, b: Headers): boolean {
  return isEqual(a.identification, b.identification) && isEqual(a.setup, b.setup);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

type Page = Parameters<OggVorbisDecoder["decodeOggPages"]>[0][number];

// What the decoder reads of a page as codec-parser makes them: its bytes, its packets, and their headers.
function headerPage({ identification }: Headers): Page {
  return { data: identification, codecFrames: [] } as unknown as Page;
}

function audioPage(packet: Uint8Array, { setup }: Headers): Page {
  const frame = { data: packet, header: { vorbisSetup: setup } };
  return { data: packet, codecFrames: [frame], isLastPage: false } as unknown as Page;
}
