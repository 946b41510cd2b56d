// NIST SPHERE, the files of speech corpora (TIMIT, AN4, Switchboard): a header of lines of text, then samples.

import { checkSampleRate } from "../audio-clip.ts";
import { damaged, truncated, unsupported } from "../format-faults.ts";
import { type PcmLayout, pcmTrack } from "../pcm.ts";
import type { Track } from "../track.ts";

/** Of the header; no header that is met is longer. */
const MOST_HEADER_BYTES = 65_536;

/**
 * The samples of a SPHERE file: PCM of 8 to 32 bits, mu-law, A-law.
 *
 * @param bytes The file; begins with `NIST_1A`.
 * @returns The track.
 * @throws {AudioFormatError} `audio-unsupported`: compressed, as "shorten" does; `audio-truncated`: it ends within its
 *   header; `audio-damaged`.
 */
export function demuxSphere(bytes: Uint8Array): Track {
  const size = Number.parseInt(textOf(bytes.subarray(8, 16)), 10);
  if (!(size >= 16 && size <= MOST_HEADER_BYTES)) throw damaged("the SPHERE header does not give its length");
  if (size > bytes.length) throw truncated("the SPHERE file ends within its header");
  const fields = readFields(textOf(bytes.subarray(16, size)));
  const number = (name: string, otherwise: number) => Number(fields.get(name) ?? otherwise);
  const sampleRate = number("sample_rate", 0);
  checkSampleRate(sampleRate);
  const layout = layoutOf(fields, number);
  const nBytes = number("sample_count", Number.POSITIVE_INFINITY) * layout.bytesPerSample * layout.nChannels;
  const there = bytes.subarray(size);
  const isCut = Number.isFinite(nBytes) && nBytes > there.length;
  const note = `the SPHERE header promises ${nBytes} bytes of samples, ${there.length} are there and were read`;
  return {
    ...pcmTrack(there.subarray(0, nBytes > 0 ? nBytes : undefined), layout, sampleRate),
    note: isCut ? note : undefined,
  };
}

function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Lines of a name, a type (`-i`, `-r`, `-s4`) and a value, up to `end_head`. */
function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line.startsWith("end_head")) break;
    const found = /^(\w+) -(?:i|r|s\d+) (.*)$/.exec(line.trim());
    if (found) fields.set(found[1]!, found[2]!);
  }
  return fields;
}

function layoutOf(
  fields: ReadonlyMap<string, string>,
  number: (name: string, otherwise: number) => number,
): PcmLayout {
  const coding = fields.get("sample_coding") ?? "pcm";
  const law = { ulaw: "mu-law", "mu-law": "mu-law", alaw: "a-law" } as const;
  const encoding = coding === "pcm" ? "signed" : law[coding as keyof typeof law];
  if (!encoding) throw unsupported(`SPHERE coding "${coding.replace(/[^ -~]/g, "?")}"`, "pcm, ulaw and alaw");
  const bytesPerSample = encoding === "signed" ? number("sample_n_bytes", 2) : 1;
  const nChannels = number("channel_count", 1);
  const isWhole = Number.isInteger(nChannels) && nChannels >= 1;
  if (!isWhole || ![1, 2, 3, 4].includes(bytesPerSample)) {
    throw damaged(`SPHERE header with ${nChannels} channels of ${bytesPerSample} bytes a sample`);
  }
  return { encoding, bytesPerSample, nChannels, littleEndian: fields.get("sample_byte_format") === "01" };
}
