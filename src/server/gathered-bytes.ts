import type { Readable } from "node:stream";
import type { Upload } from "./upload-room.ts";

/** Room at the beginning, in bytes. */
const FIRST_CAPACITY = 16_384;

/**
 * Puts pieces into one memory as they come. A list of them would do for large ones: of pieces of a byte each, as a client may
 * send them, it takes a hundred times their bytes.
 */
export class GatheredBytes {
  readonly #expected: number;
  #memory = Buffer.alloc(0);
  #length = 0;

  /** @param expected Bytes that were announced, for which no more room is made; 0 where nothing was. */
  constructor(expected = 0) {
    this.#expected = expected;
  }

  /** @param piece Copied. */
  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#memory.length) this.#grow(length);
    this.#memory.set(piece, this.#length);
    this.#length = length;
  }

  /** All pieces in a row, alone in their memory. Nothing may be added later. */
  take(): Buffer<ArrayBuffer> {
    if (this.#length === this.#memory.length) return this.#memory;
    return this.#copied(this.#length);
  }

  #grow(length: number): void {
    const doubled = Math.max(length, 2 * this.#memory.length, FIRST_CAPACITY);
    this.#memory = this.#copied(length <= this.#expected ? Math.min(doubled, this.#expected) : doubled);
  }

  #copied(capacity: number): Buffer<ArrayBuffer> {
    const memory = Buffer.allocUnsafeSlow(capacity);
    this.#memory.copy(memory, 0, 0, this.#length);
    return memory;
  }
}

/**
 * Reads all of a body. When it fails the stream is left as it is, so that an answer can still be sent.
 *
 * @param stream The body.
 * @param upload Told of every piece as it arrives; what it throws ends the reading.
 * @param announced Bytes that it says it has, 0 where it does not say.
 * @returns Alone in its memory.
 * @throws What the stream or `upload` throws.
 */
export async function readBytes(
  stream: Readable,
  upload: Pick<Upload, "add">,
  announced = 0,
): Promise<Buffer<ArrayBuffer>> {
  const gathered = new GatheredBytes(announced);
  await readPieces(stream, (piece) => {
    upload.add(piece.length);
    gathered.add(piece);
  });
  return gathered.take();
}

/**
 * Hands on what comes of a body until its end.
 *
 * @param stream Left as it is after a failure.
 * @param onPiece Told of every piece; what it throws ends the reading.
 * @throws What the stream or `onPiece` throws.
 */
export function readPieces(stream: Readable, onPiece: (piece: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stream.off("data", onData).off("end", onEnd).off("error", onError);
      finish();
    };
    const onData = (piece: Buffer) => {
      try {
        onPiece(piece);
      } catch (error) {
        onError(error);
      }
    };
    const onEnd = () => settle(resolve);
    const onError = (error: unknown) => settle(() => reject(error));
    stream.on("data", onData).on("end", onEnd).on("error", onError);
  });
}
