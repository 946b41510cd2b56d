import { AudioFormatError, SpokenDigitsError } from "../errors.ts";
import type { AudioClip } from "./audio-clip.ts";
import { type ClipLimits, ClipMixer, checkLimits, type MixOptions } from "./clip-mixer.ts";
import type { DecodedBlock, PacketDecoder } from "./codecs/codec.ts";
import { openDecoder } from "./codecs/open-decoder.ts";
import type { Packet, Track } from "./track.ts";

/** How a file is to be decoded. `name` is its format, for messages. */
export type DecodeOptions = ClipLimits & { name: string };

/**
 * Decodes a track, packet by packet, and stops once a limit is passed.
 *
 * @param track The track.
 * @param options Limits, the rate of the clip, and the format's name for messages.
 * @returns Mono, the mean of all channels, or the loudest one where they cancel each other; at least one sample.
 * @throws {AudioFormatError} `audio-unsupported`, `audio-truncated`, `audio-damaged`, `audio-no-samples`,
 *   `audio-too-long`.
 */
export async function decodeTrack(track: Track, options: DecodeOptions): Promise<AudioClip> {
  checkPromise(track, options);
  const mixed = await mixTrack(track, options);
  const { cancelledBy } = mixed.mixer;
  // The packets are there still: reading them twice costs less memory than keeping each channel of every file.
  const { mixer, nBad } =
    cancelledBy === undefined ? mixed : await mixTrack(track, options, { channel: cancelledBy });
  const { nPromised = 0, note } = track;
  if (mixer.nFrames < nPromised) throw tooFew({ nPromised, nFrames: mixer.nFrames, nBad, ...options });
  const clip = mixer.build();
  if (!clip) throw nothingDecoded(track, { nBad, ...options });
  const notes = [note, cancelledBy === undefined ? undefined : CANCELLED_NOTE, cutNote(track)].filter(
    Boolean,
  );
  return notes.length === 0 ? clip : { ...clip, note: notes.join("; ") };
}

// A header that promises more than the limit spares the decoding: fewer samples would be an error as well.
function checkPromise({ nPromised = 0, durationSeconds }: Track, limits: ClipLimits): void {
  if (nPromised === 0 || durationSeconds === undefined) return;
  checkLimits({ nFrames: nPromised, nChannels: 1, sampleRate: nPromised / durationSeconds }, limits);
}

const CANCELLED_NOTE = "the channels cancel each other, the loudest was taken";

function cutNote(track: Track): string | undefined {
  return track.isCut?.() ? "the file is cut short, what is there was read" : undefined;
}

// A damaged packet takes as long as an intact one and brings nothing that the limits would count: a file of 16 MB holds two
// million of them. Where nearly all are damaged, those that follow are not tried.
const FREE_BAD = 4096;
const BAD_PER_GOOD = 4;

type Mixed = { mixer: ClipMixer; nBad: number };

async function mixTrack(
  track: Track,
  options: DecodeOptions,
  part: Partial<MixOptions> = {},
): Promise<Mixed> {
  const { skipSeconds, durationSeconds } = track;
  const decoder = await openDecoder(track.codec, options);
  const { leastSkipped } = decoder;
  const mixer = new ClipMixer({ ...options, skipSeconds, leastSkipped, durationSeconds, ...part });
  let [nGood, nBad] = [0, 0];
  let intact = false;
  try {
    for (const packet of track.packets) {
      if (await addPacket(packet, { decoder, mixer })) nGood++;
      else nBad++;
      if (nBad > FREE_BAD + BAD_PER_GOOD * nGood) break;
    }
    nBad += decoder.nDamaged ?? 0;
    intact = nBad === 0;
  } finally {
    decoder.release(intact);
  }
  return { mixer, nBad };
}

// A damaged packet is left out, as every player does: what it was may be one of a thousand.
async function addPacket(
  packet: Packet,
  { decoder, mixer }: { decoder: PacketDecoder; mixer: ClipMixer },
): Promise<boolean> {
  try {
    const decoded = decoder.decode(packet.data);
    const blocks = decoded instanceof Promise ? await decoded : decoded;
    for (const block of blocks) mixer.add(cutEnd(block, packet));
    return true;
  } catch (error) {
    const isDamage = !(error instanceof SpokenDigitsError) || error.code === "audio-damaged";
    if (!isDamage) throw error;
    return false;
  }
}

function cutEnd(block: DecodedBlock, { discardSeconds = 0 }: Packet): DecodedBlock {
  if (!(discardSeconds > 0)) return block;
  const { channels, sampleRate } = block;
  const nKept = Math.max(0, channels[0]!.length - Math.round(discardSeconds * sampleRate));
  return { sampleRate, channels: channels.map((samples) => samples.subarray(0, nKept)) };
}

type Count = { name: string; nBad: number };

function tooFew({
  name,
  nBad,
  nPromised,
  nFrames,
}: Count & { nPromised: number; nFrames: number }): AudioFormatError {
  const said = `the ${name} header promises ${nPromised} samples, ${nFrames} are there`;
  return nBad > 0
    ? new AudioFormatError("audio-damaged", `decodeAudio: ${said}; ${nBad} packets are damaged`)
    : new AudioFormatError("audio-truncated", `decodeAudio: ${said}`);
}

function nothingDecoded(track: Track, { name, nBad }: Count): AudioFormatError {
  if (track.isCut?.()) {
    return new AudioFormatError(
      "audio-truncated",
      `decodeAudio: the ${name} file ends before its first sound`,
    );
  }
  return nBad > 0
    ? new AudioFormatError("audio-damaged", `decodeAudio: none of the ${nBad} ${name} packets can be decoded`)
    : new AudioFormatError("audio-no-samples", `decodeAudio: the ${name} data holds no sound`);
}
