import type { BitReader } from "./bit-reader.ts";

const INDEX_BITS = 9;

/** Reads the words of a prefix code. */
export class PrefixCode {
  // Code words on the left of 32 bits, ascending; what each stands for, and how long it is.
  readonly #starts: Uint32Array;
  readonly #depths: Uint8Array;
  readonly #values: Uint16Array;
  // For each beginning of 9 bits the first word that may have it.
  readonly #index: Uint16Array;

  /**
   * @param depths Of the leaves from left to right, one character in base 36 each; together they fill the tree.
   * @param values What the leaves stand for.
   */
  constructor({ depths, values }: { depths: string; values: readonly number[] }) {
    this.#depths = Uint8Array.from(depths, (digit) => Number.parseInt(digit, 36));
    this.#values = Uint16Array.from(values);
    this.#starts = new Uint32Array(values.length);
    this.#index = new Uint16Array(2 ** INDEX_BITS);
    let start = 0;
    for (let i = 0; i < values.length; i++) {
      this.#starts[i] = start;
      start += 2 ** (32 - this.#depths[i]!);
    }
    for (let head = 0, i = 0; head < this.#index.length; head++) {
      while (i + 1 < values.length && this.#starts[i + 1]! <= head * 2 ** (32 - INDEX_BITS)) i++;
      this.#index[head] = i;
    }
  }

  /** Reads one word. @returns What it stands for. @throws {BitsExhausted} The bits end within it. */
  read(reader: BitReader): number {
    const bits = reader.peek32() >>> 0;
    let i = this.#index[bits >>> (32 - INDEX_BITS)]!;
    while (i + 1 < this.#starts.length && this.#starts[i + 1]! <= bits) i++;
    reader.skip(this.#depths[i]!);
    return this.#values[i]!;
  }
}
