// One live session: a WebSocket on one side, a stream of the recognizer on the other.

import type { WebSocket } from "ws";
import { AudioFormatError, ERROR_CODES, RequestError, ServiceError, SpokenDigitsError } from "../errors.ts";
import { type AudioQueue, createAudioQueue } from "./audio-queue.ts";
import { errorBody } from "./error-reply.ts";
import { checkLiveEnd, type LiveStart, MAX_LIVE_START_BYTES, readLiveSamples } from "./live-protocol.ts";
import type { LiveListening } from "./live-worker.ts";
import type { LiveStream } from "./live-workers.ts";

/** What a session keeps to and whom it tells. */
export type LiveSessionOptions = {
  /** Opens the stream once the client has said how to listen. */
  openStream: (options: LiveListening) => Promise<LiveStream>;
  /** Reads the client's first message, or throws what speaks against it; from then on the session has a place. */
  admit: (text: string) => LiveStart;
  /** Time in which the first message has to come, in ms. */
  startTimeoutMs: number;
  /** Length of the audio, and of the session, at most, in ms. */
  maxLiveMs: number;
  /** Time without a message at most, in ms. */
  maxIdleMs: number;
  /** Told once, when the socket is closed. */
  onClosed: (summary: LiveSummary) => void;
};

/** What a session came to. */
export type LiveSummary = {
  /** `ended` by the client in order, `cut` by it, or the code of the error that the session ended with. */
  outcome: string;
  /** Audio taken in, in ms. */
  audioMs: number;
  /** Digits sent. */
  digits: number;
  /** What is behind a `service-fault`. */
  fault?: unknown;
};

/** A session as the server sees it. */
export type LiveSession = {
  /** Since when it is the client's turn and nothing came, as `performance.now()` has it; infinite where it is ours. */
  readonly silentSince: number;
  /** Takes in no more audio, answers all that came before, says why and closes. @param reason Sent to the client. */
  finish(reason: SpokenDigitsError): void;
};

/** Bytes of one message after the first at most: 1.3 s at 48 kHz, float. */
export const MAX_LIVE_MESSAGE_BYTES = 256 * 1024;

/** Audio that may wait in a session. Beyond it the client's socket is not read on, and TCP slows the client down. */
const MAX_WAITING_MS = 2000;

/** How often a client whose socket is not read is asked whether it is still there, in ms. */
const PING_INTERVAL_MS = 1000;

/** Bytes sent and not read by the client beyond which its pings have no answer. */
const MAX_UNREAD_BYTES = 16_384;

/** The same beyond which its session ends: all that is still to be said would pile up as well. */
const MAX_UNREAD_BYTES_OF_SESSION = 1_048_576;

/** Audio handed to the recognizer at once: short, so that sessions on one thread take turns. */
const MAX_PIECE_MS = 500;

/** Close codes: the usual one, and for an error 4000 plus its HTTP status (4000-4999 are for applications, RFC 6455). */
const CLOSE_NORMAL = 1000;
const CLOSE_ERROR_BASE = 4000;

/**
 * Runs a session on a socket that has just been opened.
 *
 * @param socket Gets its listeners before this returns.
 * @param options See {@link LiveSessionOptions}.
 */
export function runLiveSession(socket: WebSocket, options: LiveSessionOptions): LiveSession {
  return new Session(socket, options);
}

/**
 * Tells a client why there is no session, or no more of it, and closes the socket.
 *
 * @param socket May be closed already.
 * @param error Sent as `{ code, message }`; its status is in the close code.
 */
export function refuseLiveSession(socket: WebSocket, error: SpokenDigitsError): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.send(JSON.stringify(errorBody(error)));
  socket.close(CLOSE_ERROR_BASE + ERROR_CODES[error.code].httpStatus);
}

class Session implements LiveSession {
  readonly #socket: WebSocket;
  readonly #options: LiveSessionOptions;
  readonly #audio: AudioQueue = createAudioQueue();
  readonly #idleTimer: NodeJS.Timeout;
  readonly #lifeTimer: NodeJS.Timeout;
  readonly #startTimer: NodeJS.Timeout;
  readonly #pingTimer: NodeJS.Timeout;
  #heardAt = performance.now();
  #start: LiveStart | undefined;
  #takesAudio = true;
  #isReady = false;
  #isClosed = false;
  #error: SpokenDigitsError | undefined;
  #audioMs = 0;
  #digits = 0;

  constructor(socket: WebSocket, options: LiveSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    const { maxIdleMs, maxLiveMs, startTimeoutMs } = options;
    this.#startTimer = setTimeout(() => this.finish(noStart(startTimeoutMs)), startTimeoutMs);
    this.#pingTimer = setInterval(() => this.#ping(), PING_INTERVAL_MS);
    this.#idleTimer = setTimeout(() => this.#onIdle(), maxIdleMs);
    this.#lifeTimer = setTimeout(() => this.finish(tooLong(maxLiveMs)), maxLiveMs);
    socket.on("message", (data, isBinary) => this.#onMessage(data as Buffer, isBinary));
    socket.on("ping", (data) => this.#pong(data));
    socket.on("error", (cause) => this.#onBroken(cause));
    socket.on("close", () => this.#onClose());
  }

  get silentSince(): number {
    return this.#isOurTurn() || !this.#takesAudio ? Number.POSITIVE_INFINITY : this.#heardAt;
  }

  finish(reason: SpokenDigitsError): void {
    if (!this.#takesAudio) return;
    this.#error = reason;
    if (this.#start) this.#endAudio();
    else this.#close();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    this.#stayAwake();
    if (!this.#takesAudio) return;
    try {
      const maxBytes = this.#start ? MAX_LIVE_MESSAGE_BYTES : MAX_LIVE_START_BYTES;
      if (data.length > maxBytes) throw tooLarge(data.length, maxBytes);
      if (!this.#start) this.#begin(isBinary ? "" : data.toString());
      else if (isBinary) this.#takeAudio(readLiveSamples(data, this.#start.format), this.#start);
      else this.#takeEnd(data.toString());
    } catch (error) {
      this.finish(asKnown(error));
    }
  }

  #begin(text: string): void {
    const start = this.#options.admit(text);
    clearTimeout(this.#startTimer);
    this.#start = start;
    void this.#work(start);
  }

  #takeAudio(samples: Float32Array, { sampleRate }: LiveStart): void {
    const { maxLiveMs } = this.#options;
    const room = Math.floor((maxLiveMs - this.#audioMs) * (sampleRate / 1000));
    const taken = samples.subarray(0, room);
    this.#audio.push(taken);
    this.#audioMs += (1000 * taken.length) / sampleRate;
    if (taken.length < samples.length) this.finish(tooLong(maxLiveMs));
    else this.#keepPace(sampleRate);
  }

  #takeEnd(text: string): void {
    checkLiveEnd(text);
    this.#endAudio();
  }

  #endAudio(): void {
    this.#takesAudio = false;
    this.#audio.end();
    // A close frame of the client's has to be read as well.
    this.#socket.resume();
  }

  /** Stops reading from a client that is faster than the recognizer, and goes on when half of what waits is done. */
  #keepPace(sampleRate: number): void {
    const waitingMs = (1000 * this.#audio.length) / sampleRate;
    if (this.#takesAudio && waitingMs > MAX_WAITING_MS) this.#socket.pause();
    if (this.#socket.isPaused && waitingMs < MAX_WAITING_MS / 2) {
      this.#socket.resume();
      this.#stayAwake();
    }
  }

  #stayAwake(): void {
    this.#heardAt = performance.now();
    this.#idleTimer.refresh();
  }

  /** That a client has left is not seen while its socket is not read; it is when something is written to it. */
  #ping(): void {
    if (this.#socket.isPaused && this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** A client that pings and does not read would have its answers pile up. */
  #pong(data: Buffer): void {
    if (this.#socket.bufferedAmount < MAX_UNREAD_BYTES) this.#socket.pong(data);
  }

  /** The socket has told the client by its own close code, if it could. */
  #onBroken(cause: Error): void {
    this.#error ??= new RequestError("request-malformed", `live: ${cause.message}`, { cause });
  }

  #isOurTurn(): boolean {
    return this.#socket.isPaused || (this.#start !== undefined && !this.#isReady);
  }

  /** From the first message to the last answer. */
  async #work(start: LiveStart): Promise<void> {
    try {
      const stream = await this.#options.openStream(start.listening);
      this.#isReady = true;
      this.#stayAwake();
      this.#send({ ready: true });
      await this.#answer(stream, start.sampleRate).finally(stream.close);
    } catch (error) {
      this.#error = asKnown(error);
    }
    this.#close();
  }

  async #answer(stream: LiveStream, sampleRate: number): Promise<void> {
    const pieceLength = Math.ceil((MAX_PIECE_MS * sampleRate) / 1000);
    for (;;) {
      const samples = await this.#audio.take(pieceLength);
      if (this.#isClosed) return;
      const digits = samples ? await stream.push(samples) : await stream.end();
      for (const digit of digits) this.#send(digit);
      this.#digits += digits.filter(({ status }) => status === "firm").length;
      if (!samples) return;
      this.#keepPace(sampleRate);
    }
  }

  #send(message: object): void {
    if (!this.#isClosed) this.#socket.send(JSON.stringify(message));
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES_OF_SESSION) this.finish(unread());
  }

  #close(): void {
    this.#takesAudio = false;
    this.#socket.resume();
    if (this.#error) refuseLiveSession(this.#socket, this.#error);
    else this.#socket.close(CLOSE_NORMAL);
  }

  #onIdle(): void {
    if (this.#isOurTurn()) this.#idleTimer.refresh();
    else this.finish(tooSlow(this.#options.maxIdleMs));
  }

  #onClose(): void {
    const wasCut = this.#takesAudio;
    this.#isClosed = true;
    this.#takesAudio = false;
    this.#audio.end();
    for (const timer of [this.#startTimer, this.#idleTimer, this.#lifeTimer]) clearTimeout(timer);
    clearInterval(this.#pingTimer);
    const outcome = this.#error?.code ?? (wasCut ? "cut" : "ended");
    const { cause: fault } = this.#error ?? {};
    this.#options.onClosed({ outcome, audioMs: this.#audioMs, digits: this.#digits, fault });
  }
}

function asKnown(error: unknown): SpokenDigitsError {
  if (error instanceof SpokenDigitsError) return error;
  return new ServiceError("service-fault", "live: something unforeseen went wrong in the server", {
    cause: error,
  });
}

const tooLarge = (bytes: number, maxBytes: number) =>
  new RequestError("request-too-large", `live: a message must be at most ${maxBytes} bytes, got ${bytes}`);

const tooLong = (maxMs: number) =>
  new AudioFormatError("audio-too-long", `live: a session lasts ${maxMs / 1000} s at most`);

const noStart = (maxMs: number) =>
  new RequestError(
    "request-too-slow",
    `live: the first message did not come within ${maxMs / 1000} s (--live-start-timeout-ms)`,
  );

const tooSlow = (maxMs: number) =>
  new RequestError("request-too-slow", `live: no message came for ${maxMs / 1000} s`);

const unread = () => new RequestError("request-too-slow", "live: the client does not read what it is told");
