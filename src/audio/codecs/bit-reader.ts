/** Thrown by {@link BitReader} past the end; the decoders turn it into an error of theirs. */
export class BitsExhausted extends Error {
  constructor() {
    super("the data ends within a frame");
  }
}

/** Reads numbers of any width, the most significant bit first. Meant for one frame: at most 256 MB. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at = 0;

  /** @param bytes The frame, from its first byte on. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#end = bytes.length * 8;
  }

  /** Bits read so far. */
  get position(): number {
    return this.#at;
  }

  /** Bits left. */
  get remaining(): number {
    return this.#end - this.#at;
  }

  /** An unsigned number. @param width In bits, 0..32. @throws {BitsExhausted} Fewer are left. */
  read(width: number): number {
    const value = this.peek32();
    this.skip(width);
    return width === 0 ? 0 : value >>> (32 - width);
  }

  /** A number in two's complement. @param width In bits, 1..32. */
  readSigned(width: number): number {
    const value = this.peek32();
    this.skip(width);
    return value >> (32 - width);
  }

  /** The next 32 bits as a signed number, zeros past the end; nothing is consumed. */
  peek32(): number {
    const bytes = this.#bytes;
    const byte = this.#at >>> 3;
    const shift = this.#at & 7;
    const head = (bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!;
    return shift === 0 ? head : (head << shift) | (bytes[byte + 4]! >>> (8 - shift));
  }

  /** Counts zeros up to the next one, which is consumed too. @throws {BitsExhausted} There is none. */
  readUnary(): number {
    let count = 0;
    for (;;) {
      const zeros = Math.clz32(this.peek32());
      if (zeros < 32) {
        this.skip(zeros + 1);
        return count + zeros;
      }
      this.skip(32);
      count += 32;
    }
  }

  /**
   * Rice codes: zeros up to the next one, times 2^width, and a number of that width; where it is odd, of a negative number.
   *
   * @param into Gets them from `start` up to and without `end`.
   * @param codes.width In bits, 0..30.
   * @throws {BitsExhausted} The bits end within them.
   */
  readRiceInto(
    into: Float64Array,
    { start, end, width }: { start: number; end: number; width: number },
  ): void {
    for (let i = start; i < end; i++) {
      const bits = this.peek32();
      const zeros = Math.clz32(bits);
      // Nearly every code is within 32 bits, which are looked at but once.
      if (zeros + 1 + width > 32) {
        const folded = this.readUnary() * 2 ** width + this.read(width);
        into[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      } else {
        this.skip(zeros + 1 + width);
        const folded = (zeros << width) | (((bits << (zeros + 1)) >>> 1) >>> (31 - width));
        into[i] = (folded >>> 1) ^ -(folded & 1);
      }
    }
  }

  /** Passes over bits. @param width >= 0. @throws {BitsExhausted} Fewer are left. */
  skip(width: number): void {
    const next = this.#at + width;
    if (next > this.#end) throw new BitsExhausted();
    this.#at = next;
  }

  /** Passes over the rest of a byte begun. */
  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }
}

// Elements that packets of AAC and ALAC have alike.

/** Passes over data of somebody else's. @param reader Behind the element's number. @throws {BitsExhausted} It is cut. */
export function skipData(reader: BitReader): void {
  reader.skip(4);
  const isAligned = reader.read(1) === 1;
  const count = reader.read(8);
  const nBytes = count === 255 ? count + reader.read(8) : count;
  if (isAligned) reader.align();
  reader.skip(nBytes * 8);
}

/** Passes over what fills a packet up. @param reader Behind the element's number. @throws {BitsExhausted} It is cut. */
export function skipFilling(reader: BitReader): void {
  const count = reader.read(4);
  reader.skip((count === 15 ? count + reader.read(8) - 1 : count) * 8);
}
