// Audio to a service as it is spoken, digits back as they are heard.

import { WebSocket } from "isows";
import { pEventIterator } from "p-event";
import { InvalidArgumentError } from "../errors.ts";
import type { Expectation } from "../live/decoding.ts";
import type { LiveDigitEvent } from "../live/digit-event.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import { errorOfAnswer, isErrorAnswer } from "./answer-errors.ts";
import { type AudioSource, readSource } from "./audio-source.ts";
import { type ServiceAccess, unreachable } from "./service-request.ts";

/** Settings of a live session. */
export type LiveOptions = {
  /** Of the samples, in Hz: a whole number, 4000..192000. */
  sampleRate: number;
  /** What is expected in the sound; see `createRecognizer`. Default: `any`. */
  expect?: Expectation;
  /** How long a number is, such as `4` or `3-3-4`. Default: any length. */
  length?: string | number;
  /** Whether to mention digits before they are certain. Default: false. */
  tentative?: boolean;
  /** The speaker's own, taught to the stream model that the service runs. Default: nobody's. */
  voice?: VoiceProfile;
  /** Ends the session; the iteration then throws the signal's reason. */
  signal?: AbortSignal;
};

/** Samples of one message at most: 64 KiB, a quarter of what a service takes. */
const MAX_MESSAGE_SAMPLES = 16_384;

/** Bytes that may wait in the socket; with more, the source is not read on. */
const MAX_BUFFERED_BYTES = 1 << 20;

/** How often a full socket is looked at again, in ms: there is no event for it. */
const DRAIN_INTERVAL_MS = 20;

/** Close code of a session that ended in order (RFC 6455). */
const CLOSE_NORMAL = 1000;

/**
 * Runs a live session. It begins with the first step of the iteration, and ends with it.
 *
 * @param access Where the service is. Sessions are not tried again: audio that was sent is gone.
 * @param source The audio. It is read no faster than the service takes it in, and told when no more is wanted.
 * @param options See {@link LiveOptions}.
 * @returns Digits in the order they were spoken; the end comes after the last digit of the audio.
 * @throws {SpokenDigitsError} What the service said went wrong, in the class of its code.
 * @throws {ServiceError} `service-unreachable`: there is no connection, or it broke.
 * @throws What the source throws, or the signal's reason.
 */
export async function* runLive(
  access: ServiceAccess,
  source: AudioSource,
  options: LiveOptions,
): AsyncGenerator<LiveDigitEvent, void, undefined> {
  const { signal } = options;
  signal?.throwIfAborted();
  const audio = readSource(source);
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const url = `${access.baseUrl}api/live`;
  const socket = openSocket(url);
  try {
    for await (const event of socketEvents(socket, stop)) {
      stop.throwIfAborted();
      if (event.type === "open") sendStart(socket, access, options);
      if (event.type === "message") {
        const message = readMessage(event);
        if ("digit" in message) yield message;
        else void sendAudio(socket, audio, stop).catch((error: unknown) => failure.abort(error));
      }
      if (event.type === "error") failure.abort(unreachable(url, event.message || "no connection"));
      if (event.type === "close") return checkClose(event, url);
    }
    stop.throwIfAborted();
  } finally {
    failure.abort();
    socket.close();
    void stopReading(audio);
  }
}

/** What happens to the socket from now on, in order; ends by throwing the signal's reason. */
function socketEvents(socket: LiveSocket, signal: AbortSignal): AsyncIterable<SocketEvent> {
  return pEventIterator<string, SocketEvent>(socket, ["open", "message", "error", "close"], {
    rejectionEvents: [],
    signal,
  });
}

function sendStart(socket: LiveSocket, { token }: ServiceAccess, options: LiveOptions): void {
  const { sampleRate, expect, length, tentative, voice } = options;
  socket.send(JSON.stringify({ sampleRate, format: "f32le", expect, length, tentative, voice, token }));
}

/** Sends all audio there is, then that there is no more; a service that is slower slows the reading down. */
async function sendAudio(
  socket: LiveSocket,
  audio: AsyncIterator<Float32Array>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { done, value } = await audio.next();
    if (signal.aborted) return;
    if (done) return socket.send(JSON.stringify({ end: true }));
    if (!(value instanceof Float32Array)) {
      throw new InvalidArgumentError("client: live audio must come as Float32Array");
    }
    for (let start = 0; start < value.length; start += MAX_MESSAGE_SAMPLES) {
      socket.send(value.slice(start, start + MAX_MESSAGE_SAMPLES));
      await drained(socket, signal);
    }
  }
}

async function drained(socket: LiveSocket, signal: AbortSignal): Promise<void> {
  while (socket.bufferedAmount > MAX_BUFFERED_BYTES && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_INTERVAL_MS));
  }
}

/** A digit, or that the service is ready for audio. */
function readMessage({ data }: { data: unknown }): LiveDigitEvent | { ready: true } {
  const message: unknown = JSON.parse(String(data));
  if (isErrorAnswer(message)) throw errorOfAnswer(message);
  return message as LiveDigitEvent | { ready: true };
}

function checkClose({ code, reason }: { code: number; reason: string }, url: string): void {
  if (code === CLOSE_NORMAL) return;
  throw unreachable(url, `the connection was cut (${code}${reason && `, ${reason}`})`);
}

/** The source may be waiting for sound that never comes, so nobody waits for it; that it fails now concerns nobody. */
function stopReading(audio: AsyncIterator<Float32Array>): Promise<unknown> {
  return Promise.resolve(audio.return?.()).catch(() => undefined);
}

// The part of a WebSocket that is used here, alike in browsers and in Node.js, which has one of its own from version 22.

/** What happens to a socket, as far as it is looked at. */
type SocketEvent =
  | { type: "open" }
  | { type: "message"; data: unknown }
  /** Browsers do not say what went wrong; Node.js does. */
  | { type: "error"; message?: string }
  | { type: "close"; code: number; reason: string };

/** A socket that is open or about to be. */
type LiveSocket = {
  /** Bytes sent and not yet on their way. */
  readonly bufferedAmount: number;
  send(data: string | Float32Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: string, listener: (event: SocketEvent) => void): void;
  removeEventListener(type: string, listener: (event: SocketEvent) => void): void;
};

/** Opens a socket. @param url http or https, as for requests. */
function openSocket(url: string): LiveSocket {
  const socket: LiveSocket = new WebSocket(url.replace(/^http/, "ws"));
  // In Node.js an error that nobody listens to ends the process; closing a socket that is not open yet raises one.
  socket.addEventListener("error", () => undefined);
  return socket;
}
