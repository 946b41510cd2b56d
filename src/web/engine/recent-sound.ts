/** The last seconds of a stream, to cut pieces out of. */
export class RecentSound {
  readonly #sampleRate: number;
  // Sample n of the stream lies at n modulo the length.
  readonly #ring: Float32Array;
  #nSamples = 0;

  /**
   * @param options.sampleRate Of the stream, in Hz.
   * @param options.keepMs How much is kept.
   */
  constructor({ sampleRate, keepMs }: { sampleRate: number; keepMs: number }) {
    this.#sampleRate = sampleRate;
    this.#ring = new Float32Array(Math.ceil((keepMs / 1000) * sampleRate));
  }

  /** How long the stream is so far, in ms. */
  get durationMs(): number {
    return (this.#nSamples / this.#sampleRate) * 1000;
  }

  /** Takes in more of the stream. @param samples Of any length. */
  push(samples: Float32Array): void {
    const { length } = this.#ring;
    const kept = samples.subarray(Math.max(0, samples.length - length));
    const at = (this.#nSamples + samples.length - kept.length) % length;
    const nBeforeWrap = Math.min(kept.length, length - at);
    this.#ring.set(kept.subarray(0, nBeforeWrap), at);
    this.#ring.set(kept.subarray(nBeforeWrap), 0);
    this.#nSamples += samples.length;
  }

  /**
   * Cuts out a piece.
   *
   * @param stretch.startMs Where it begins, in ms since the stream began.
   * @param stretch.endMs Where it ends.
   * @returns A copy of what is kept of it, at least one sample once there is one.
   */
  cut({ startMs, endMs }: { startMs: number; endMs: number }): Float32Array {
    const { length } = this.#ring;
    const oldest = Math.max(0, this.#nSamples - length);
    const toSample = (ms: number) => Math.round((ms / 1000) * this.#sampleRate);
    const start = Math.max(oldest, Math.min(this.#nSamples - 1, toSample(startMs)));
    const end = Math.min(this.#nSamples, Math.max(start + 1, toSample(endMs)));
    return Float32Array.from({ length: end - start }, (_, i) => this.#ring[(start + i) % length]!);
  }
}
