import type { AudioClip } from "../../audio/audio-clip.ts";
import { decodeAudio } from "../../audio/decode-audio.ts";
import { denoise } from "../../audio/denoise.ts";
import { encodeWav } from "../../audio/encode-wav.ts";
import { trimSilence } from "../../audio/prepare-recording.ts";
import { resample } from "../../audio/resample.ts";
import { AudioFormatError } from "../../errors.ts";
import { pictureOf } from "./peaks.ts";
import type { OpenedClip, Selection, Sound, Stretch } from "./protocol.ts";

/** The longest file that is opened: a limit keeps a phone's memory free. */
export const MAX_DURATION_MS = 600_000;

// What is kept of a long sound is for listening again and for the model, which hears at 8 kHz.
const LONG_MS = 60_000;
const LONG_RATE = 16_000;
// Room around the word that "trim silence" leaves.
const TRIM_MARGIN_MS = 30;

type Held = { clipId: number; clip: AudioClip; reduced?: Float32Array };

/** Holds the clip that the page shows, and its version with the noise reduced. An older clip is let go. */
export class ClipStore {
  #held: Held | undefined;
  // Not 0: this worker may stand in for one that failed, whose clip is still in view.
  #lastId = Date.now();

  /**
   * Decodes a file and holds it.
   *
   * @param bytes The whole file.
   * @throws {AudioFormatError} As `decodeAudio`; `audio-too-long` beyond ten minutes.
   */
  async open(bytes: Uint8Array): Promise<OpenedClip> {
    const clipId = ++this.#lastId;
    return this.add(await decodeAudio(bytes, { maxDurationMs: MAX_DURATION_MS }), clipId);
  }

  /** Lets go of the clip. */
  clear(): void {
    this.#held = undefined;
  }

  /**
   * Holds a clip, unless it is older than the one held.
   *
   * @param clip Mono.
   * @param clipId What to call it. Default: it is the newest.
   * @throws {AudioFormatError} `audio-no-samples`.
   */
  add(clip: AudioClip, clipId = ++this.#lastId): OpenedClip {
    const { samples, sampleRate } = clip;
    if (samples.length === 0) {
      throw new AudioFormatError("audio-no-samples", "recording: stopped before a sound arrived");
    }
    if (clipId > (this.#held?.clipId ?? 0)) this.#held = { clipId, clip };
    const durationMs = (samples.length / sampleRate) * 1000;
    return { clipId, durationMs, sampleRate, ...soundOf(samples, sampleRate) };
  }

  /** The clip with its noise reduced, to look at and listen to. @param clipId The clip held. */
  reducedSound(clipId: number): Sound {
    const held = this.#get(clipId);
    return soundOf(reducedOf(held), held.clip.sampleRate);
  }

  /** Where the word is: without the silence around it. @param clipId The clip held. */
  findSpeech(clipId: number): Stretch {
    const { clip } = this.#get(clipId);
    const { samples, sampleRate } = clip;
    const { startSample, endSample } = trimSilence(samples, { sampleRate });
    const durationMs = (samples.length / sampleRate) * 1000;
    if (endSample === startSample) return { startMs: 0, endMs: durationMs };
    return {
      startMs: Math.max(0, (startSample / sampleRate) * 1000 - TRIM_MARGIN_MS),
      endMs: Math.min(durationMs, (endSample / sampleRate) * 1000 + TRIM_MARGIN_MS),
    };
  }

  /** The samples of a selection, at least one. @param selection Which. */
  select(selection: Selection): AudioClip {
    const held = this.#get(selection.clipId);
    const { sampleRate } = held.clip;
    const source = selection.noiseReduction ? reducedOf(held) : held.clip.samples;
    const start = Math.min(source.length - 1, Math.round((selection.startMs / 1000) * sampleRate));
    const end = Math.max(start + 1, Math.round((selection.endMs / 1000) * sampleRate));
    return { samples: source.subarray(start, end), sampleRate };
  }

  /** A WAV file of a selection, of a long one at 16 kHz at most. @param selection Which. */
  excerpt(selection: Selection): Blob {
    const { samples, sampleRate } = this.select(selection);
    if (sampleRate <= LONG_RATE || selection.endMs - selection.startMs <= LONG_MS) {
      return wavBlob(samples, sampleRate);
    }
    return wavBlob(resample(samples, { sourceRate: sampleRate, targetRate: LONG_RATE }), LONG_RATE);
  }

  #get(clipId: number): Held {
    if (this.#held?.clipId === clipId) return this.#held;
    throw new AudioFormatError("audio-no-samples", `clip ${clipId} is held no more`);
  }
}

function reducedOf(held: Held): Float32Array {
  held.reduced ??= denoise(held.clip.samples, { sampleRate: Math.max(1000, held.clip.sampleRate) });
  return held.reduced;
}

function soundOf(samples: Float32Array, sampleRate: number): Sound {
  return { peaks: pictureOf(samples, sampleRate), wav: wavBlob(samples, sampleRate) };
}

/**
 * A WAV file to play.
 *
 * @param samples Mono, finite.
 * @param sampleRate Hz.
 */
function wavBlob(samples: Float32Array, sampleRate: number): Blob {
  return new Blob([encodeWav(samples, { sampleRate }) as Uint8Array<ArrayBuffer>], { type: "audio/wav" });
}
