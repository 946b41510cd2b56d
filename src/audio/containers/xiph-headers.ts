// The set-up of a Vorbis stream (Vorbis I specification, section 4 and appendix A) outside of Ogg: its three header
// packets, laced as Xiph does.

import { damaged } from "../format-faults.ts";

/**
 * Splits Matroska's codec private data of a Vorbis track.
 *
 * @param content Two, the lengths of the first two packets in bytes of 255, the three packets.
 * @returns The packets that a decoder needs: the comments are left out.
 * @throws {AudioFormatError} `audio-damaged`.
 */
export function vorbisHeaders(content: Uint8Array): { identification: Uint8Array; setup: Uint8Array } {
  const sizes: number[] = [];
  let at = 1;
  for (let i = 0; i < 2; i++) {
    const { size, end } = readXiphSize(content, at);
    sizes.push(size);
    at = end;
  }
  const [first = 0, second = 0] = sizes;
  const identification = content.subarray(at, at + first);
  const setup = content.subarray(at + first + second);
  if (content[0] !== 2 || identification[0] !== 1 || setup[0] !== 5) {
    throw damaged("a Vorbis track without its three headers");
  }
  return { identification, setup };
}

/**
 * A size as a sum of bytes, of which all but the last are 255.
 *
 * @param bytes The bytes it lies in.
 * @param at Where it begins.
 * @returns The size, and where it ends; past the end of the bytes it counts as 0.
 */
export function readXiphSize(bytes: Uint8Array, at: number): { size: number; end: number } {
  let size = 0;
  let end = at;
  while (bytes[end] === 255) {
    size += 255;
    end++;
  }
  return { size: size + (bytes[end] ?? 0), end: end + 1 };
}
