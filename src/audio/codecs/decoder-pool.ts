/**
 * Keeps decoders for the next file, since making one costs more than decoding a word with it. Each is used by one file
 * at a time.
 */
export class DecoderPool<T> {
  readonly #make: () => Promise<T>;
  readonly #free: (decoder: T) => void;
  readonly #idle: T[] = [];

  /**
   * @param make A new decoder.
   * @param free Lets one go.
   */
  constructor(make: () => Promise<T>, free: (decoder: T) => void) {
    this.#make = make;
    this.#free = free;
  }

  /** A decoder that nobody else uses: one kept, or a new one. @param fits Which kept one will do. Default: any. */
  async acquire(fits: (decoder: T) => boolean = () => true): Promise<T> {
    const index = this.#idle.findLastIndex(fits);
    return index < 0 ? this.#make() : this.#idle.splice(index, 1)[0]!;
  }

  /** Takes a decoder back. @param decoder One that was acquired. @param intact Whether it may be kept. */
  release(decoder: T, intact: boolean): void {
    if (intact) this.#idle.push(decoder);
    const surplus = intact ? this.#idle.splice(0, Math.max(0, this.#idle.length - MAX_IDLE)) : [decoder];
    for (const one of surplus) this.#free(one);
  }
}

// As many files as are decoded at a time by `loadSamples`; a decoder holds 16 MB of address space, 1 MB of memory.
const MAX_IDLE = 8;
