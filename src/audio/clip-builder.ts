import type { AudioClip } from "./audio-clip.ts";
import { createResampler, type Resampler } from "./resample.ts";

/** Gathers a clip from its pieces. The rate of the pieces may change; that of the clip stays. */
export class ClipBuilder {
  readonly #targetRate: number;
  #sourceRate: number;
  #resampler: Resampler | undefined;
  #pieces: Float32Array[] = [];

  /**
   * @param sourceRate Of the first pieces, in Hz.
   * @param targetRate Of the clip, in Hz. Default: that of the first pieces.
   * @throws {InvalidArgumentError} A rate is out of range.
   */
  constructor(sourceRate: number, targetRate: number = sourceRate) {
    this.#targetRate = targetRate;
    this.#sourceRate = sourceRate;
    this.#resampler = this.#makeResampler();
  }

  /**
   * Takes in the next piece.
   *
   * @param samples Mono; kept as they are where the rate is the clip's.
   * @param sourceRate Of this piece, in Hz. Default: that of the piece before.
   */
  add(samples: Float32Array, sourceRate: number = this.#sourceRate): void {
    if (sourceRate !== this.#sourceRate) {
      this.#flush();
      this.#sourceRate = sourceRate;
      this.#resampler = this.#makeResampler();
    }
    this.#pieces.push(this.#resampler ? this.#resampler.push(samples) : samples);
  }

  /** The clip. To be called once. */
  build(): AudioClip {
    this.#flush();
    const pieces = this.#pieces;
    this.#pieces = [];
    return { samples: join(pieces), sampleRate: this.#targetRate };
  }

  #makeResampler(): Resampler | undefined {
    const [sourceRate, targetRate] = [this.#sourceRate, this.#targetRate];
    return sourceRate === targetRate ? undefined : createResampler({ sourceRate, targetRate });
  }

  #flush(): void {
    if (this.#resampler) this.#pieces.push(this.#resampler.flush());
    this.#resampler = undefined;
  }
}

// Each piece is let go once it is copied, so that a long clip is not in memory twice.
function join(pieces: Float32Array[]): Float32Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let start = whole.length;
  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    start -= piece.length;
    whole.set(piece, start);
  }
  return whole;
}
