// The bytes of all requests under way. They are held for whoever sends on; an upload that stands still gives its room to
// those that come after it.

import { RequestError, ServiceError } from "../errors.ts";
import type { DropReport } from "./drops.ts";

/** What may be held, and how fast it has to come. */
export type UploadRoomOptions = {
  /** Bytes of one request at most. */
  maxBodyBytes: number;
  /** Bytes of all together at most. */
  maxHeldBytes: number;
  /** Bytes of one address at most. */
  maxHeldBytesPerAddress: number;
  /** Bytes a second that an upload has to bring; 0 for any. */
  minUploadRate: number;
  /** Told of what is refused or given up. */
  drop: DropReport;
};

/** The bytes of one request. */
export type Upload = {
  /**
   * Counts bytes that have arrived.
   *
   * @param bytes How many.
   * @throws {RequestError} `request-too-large`: more than one request may have; `request-malformed`: in too small pieces.
   * @throws {ServiceError} `service-busy`: there is no room for them.
   */
  add(bytes: number): void;
  /**
   * Waits for work that reads the request, unless the upload is given up before that.
   *
   * @param reading Settles when all has arrived.
   * @throws {RequestError} `request-too-slow`: it came too slowly, or stood still while others needed the room.
   * @throws What `reading` rejects with.
   */
  whileArriving<Result>(reading: Promise<Result>): Promise<Result>;
  /** Lets go of the bytes; may be called twice. */
  release(): void;
};

/** Silence after which an upload gives its room to others, in ms. */
const SILENT_MS = 200;

/** Time over which the rate of an upload is measured, in ms. */
const RATE_WINDOW_MS = 5000;

/** How often rates are looked at, in ms. */
const CHECK_INTERVAL_MS = 500;

/** Requests up to this share of all bytes are small: a quarter of the room is theirs alone. */
const SMALL_SHARE = 1 / 64;
const LARGE_ROOM_SHARE = 3 / 4;

/** Pieces in which a request may come, however small; of more, each has to bring so many bytes in the mean. */
const FREE_PIECES = 4096;
const MIN_PIECE_BYTES = 64;

type Entry = {
  address: string;
  /** Small ones have a room of their own beside that of the large ones. */
  isLarge: boolean;
  bytes: number;
  isArriving: boolean;
  lastAt: number;
  window: { startedAt: number; bytes: number };
  nPieces: number;
  giveUp: (error: RequestError) => void;
};

/** Room for uploads, empty at first. */
export class UploadRoom {
  readonly #options: UploadRoomOptions;
  readonly #entries = new Set<Entry>();
  readonly #byAddress = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #heldBytes = 0;
  #largeBytes = 0;

  /** @param options See {@link UploadRoomOptions}. */
  constructor(options: UploadRoomOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#checkRates(), CHECK_INTERVAL_MS).unref();
  }

  /** Bytes held now. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Ends the watch over slow uploads. */
  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Lets an upload in.
   *
   * @param request.address Whom it counts for.
   * @param request.announced Bytes that it says it has, 0 where it does not say.
   * @throws As {@link Upload.add}.
   */
  open({ address, announced }: { address: string; announced: number }): Upload {
    if (announced > this.#options.maxBodyBytes) throw tooLarge(this.#options.maxBodyBytes);
    const entry = createEntry(address, this.#isLarge(announced));
    // Announced bytes are looked at but not held: who announces much and sends little would keep others out.
    this.#makeRoom(entry, announced);
    const givenUp = new Promise<never>((_resolve, reject) => {
      entry.giveUp = reject;
    });
    givenUp.catch(() => undefined);
    this.#entries.add(entry);
    return {
      add: (bytes) => this.#add(entry, bytes),
      whileArriving: (reading) =>
        Promise.race([reading, givenUp]).finally(() => {
          entry.isArriving = false;
        }),
      release: () => this.#release(entry),
    };
  }

  #add(entry: Entry, bytes: number): void {
    const { maxBodyBytes } = this.#options;
    // Of an upload that was given up, what still comes is read past.
    if (!this.#entries.has(entry)) return;
    if (entry.bytes + bytes > maxBodyBytes) throw tooLarge(maxBodyBytes);
    entry.nPieces += 1;
    if (isInCrumbs(entry)) throw inCrumbs();
    this.#growLarge(entry, bytes);
    this.#makeRoom(entry, bytes);
    this.#count(entry, bytes);
    entry.lastAt = performance.now();
    entry.window.bytes += bytes;
  }

  #isLarge(bytes: number): boolean {
    return bytes > this.#options.maxHeldBytes * SMALL_SHARE;
  }

  #growLarge(entry: Entry, bytes: number): void {
    if (entry.isLarge || !this.#isLarge(entry.bytes + bytes)) return;
    entry.isLarge = true;
    this.#largeBytes += entry.bytes;
  }

  #count(entry: Entry, bytes: number): void {
    entry.bytes += bytes;
    this.#heldBytes += bytes;
    if (entry.isLarge) this.#largeBytes += bytes;
    const ofAddress = (this.#byAddress.get(entry.address) ?? 0) + bytes;
    if (ofAddress > 0) this.#byAddress.set(entry.address, ofAddress);
    else this.#byAddress.delete(entry.address);
  }

  #release(entry: Entry): void {
    if (this.#entries.delete(entry)) this.#count(entry, -entry.bytes);
  }

  /** Gives up silent uploads, the longest silent first, until there is room. */
  #makeRoom(entry: Entry, bytes: number): void {
    const { maxHeldBytes, maxHeldBytesPerAddress } = this.#options;
    const isOfAddress = ({ address }: Entry) => address === entry.address;
    const lacksRoom = [
      { lacks: () => this.#heldBytes + bytes > maxHeldBytes, isCounted: () => true },
      {
        lacks: () => (this.#byAddress.get(entry.address) ?? 0) + bytes > maxHeldBytesPerAddress,
        isCounted: isOfAddress,
      },
      {
        lacks: () => entry.isLarge && this.#largeBytes + bytes > this.#largeRoom(),
        isCounted: ({ isLarge }: Entry) => isLarge,
      },
    ];
    for (const { lacks, isCounted } of lacksRoom) {
      while (lacks()) this.#giveUpSilent((other) => other !== entry && isCounted(other));
    }
  }

  /** Room of the large ones together; the largest request that is taken fits in. */
  #largeRoom(): number {
    const { maxHeldBytes, maxBodyBytes } = this.#options;
    return Math.max(maxHeldBytes * LARGE_ROOM_SHARE, Math.min(maxBodyBytes, maxHeldBytes));
  }

  /** @throws {ServiceError} `service-busy`: none of those is silent. */
  #giveUpSilent(isCounted: (entry: Entry) => boolean): void {
    const latest = performance.now() - SILENT_MS;
    let silent: Entry | undefined;
    for (const entry of this.#entries) {
      const isSilent = entry.isArriving && entry.bytes > 0 && entry.lastAt < latest;
      if (isSilent && isCounted(entry) && !(silent && silent.lastAt <= entry.lastAt)) silent = entry;
    }
    if (!silent) {
      this.#options.drop("upload-limit");
      throw new ServiceError("service-busy", "the server has all the work it can hold");
    }
    this.#giveUp(silent, "upload-silent");
  }

  #checkRates(): void {
    const now = performance.now();
    for (const entry of this.#entries) {
      const elapsedMs = now - entry.window.startedAt;
      if (!entry.isArriving || elapsedMs < RATE_WINDOW_MS) continue;
      const isSlow = entry.window.bytes < (this.#options.minUploadRate * elapsedMs) / 1000;
      entry.window = { startedAt: now, bytes: 0 };
      if (isSlow) this.#giveUp(entry, "upload-slow");
    }
  }

  #giveUp(entry: Entry, reason: keyof typeof GIVEN_UP): void {
    this.#release(entry);
    this.#options.drop(reason);
    entry.giveUp(new RequestError("request-too-slow", GIVEN_UP[reason]));
  }
}

const GIVEN_UP = {
  "upload-slow": "the request comes too slowly (--min-upload-rate)",
  "upload-silent": "the request stood still while others needed its room",
} as const;

function createEntry(address: string, isLarge: boolean): Entry {
  const now = performance.now();
  return {
    address,
    isLarge,
    bytes: 0,
    isArriving: true,
    lastAt: now,
    window: { startedAt: now, bytes: 0 },
    nPieces: 0,
    giveUp: () => undefined,
  };
}

/** Each piece costs the server a thousand times what a byte costs its sender. */
function isInCrumbs({ nPieces, bytes }: Entry): boolean {
  return nPieces > FREE_PIECES && bytes < nPieces * MIN_PIECE_BYTES;
}

const inCrumbs = () =>
  new RequestError(
    "request-malformed",
    `the request comes in pieces of fewer than ${MIN_PIECE_BYTES} bytes in the mean, beyond the first ${FREE_PIECES}`,
  );

function tooLarge(limit: number): RequestError {
  return new RequestError(
    "request-too-large",
    `the request holds more than ${limit} bytes (--max-body-bytes)`,
  );
}
