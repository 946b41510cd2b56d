import type { AudioClip } from "./audio-clip.ts";
import { createResampler, type Resampler } from "./resample.ts";

/** Gathers a clip from its pieces, at another rate if that is asked for. */
export class ClipBuilder {
  readonly #sampleRate: number;
  readonly #resampler: Resampler | undefined;
  readonly #pieces: Float32Array[] = [];
  #nSource = 0;

  /**
   * @param sourceRate Of the pieces, in Hz.
   * @param targetRate Of the clip, in Hz. Default: that of the pieces.
   * @throws {InvalidArgumentError} A rate is out of range.
   */
  constructor(sourceRate: number, targetRate: number = sourceRate) {
    this.#sampleRate = targetRate;
    if (targetRate !== sourceRate) this.#resampler = createResampler({ sourceRate, targetRate });
  }

  /** How many samples came in. */
  get nSource(): number {
    return this.#nSource;
  }

  /** Takes in the next piece. @param samples Mono; kept as they are where the rate stays. */
  add(samples: Float32Array): void {
    this.#nSource += samples.length;
    this.#pieces.push(this.#resampler ? this.#resampler.push(samples) : samples);
  }

  /** The clip. To be called once. */
  build(): AudioClip {
    if (this.#resampler) this.#pieces.push(this.#resampler.flush());
    return { samples: join(this.#pieces), sampleRate: this.#sampleRate };
  }
}

function join(pieces: readonly Float32Array[]): Float32Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const piece of pieces) {
    whole.set(piece, start);
    start += piece.length;
  }
  return whole;
}
