import { damaged } from "./format-faults.ts";

/**
 * Reads numbers from a part of a file and never past its end. What a header says is checked against the bytes that are
 * there before anything of that size is allocated or looped over.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  #at = 0;

  /**
   * @param bytes The part, from its first byte on.
   * @param what Names the part in errors: `MP4 stsz box`.
   */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  /** Where the next byte is read, from the start of the part. */
  get position(): number {
    return this.#at;
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** An unsigned byte. @throws {AudioFormatError} `audio-damaged`: none is left; so do the others. */
  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** An unsigned 16-bit number, big-endian. */
  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  /** An unsigned 24-bit number, big-endian. */
  u24(): number {
    return this.u8() * 65_536 + this.u16();
  }

  /** An unsigned 32-bit number, big-endian. */
  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  /** A signed 32-bit number, big-endian. */
  i32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  /** An unsigned 64-bit number, big-endian; above 2^53 it is rounded, and so beyond any file all the same. */
  u64(): number {
    return this.u32() * 2 ** 32 + this.u32();
  }

  /** A signed 64-bit number, big-endian, rounded above 2^53. */
  i64(): number {
    return this.i32() * 2 ** 32 + this.u32();
  }

  /** A 64-bit float, big-endian. */
  f64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** The next bytes, as a view. @param length How many, >= 0. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** The next bytes as Latin text. @param length How many, <= 64. */
  text(length: number): string {
    return String.fromCharCode(...this.take(length));
  }

  /** Passes over bytes. @param length How many, >= 0. */
  skip(length: number): void {
    this.#advance(length);
  }

  /** All that is left, as a view. */
  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  /**
   * Checks that a table fits into what is left.
   *
   * @param nEntries As the file says.
   * @param entryBytes Of one entry, >= 0.
   * @throws {AudioFormatError} `audio-damaged`: it does not.
   */
  checkTable(nEntries: number, entryBytes: number): void {
    if (nEntries * entryBytes <= this.remaining) return;
    throw damaged(`the ${this.#what} gives ${nEntries} entries, it holds ${this.remaining} bytes`);
  }

  #advance(length: number): number {
    const start = this.#at;
    if (!(length >= 0 && length <= this.remaining)) {
      throw damaged(`the ${this.#what} ends after ${this.#bytes.length} bytes, ${start + length} are needed`);
    }
    this.#at = start + length;
    return start;
  }
}
