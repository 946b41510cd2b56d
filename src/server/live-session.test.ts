// A session over a real socket, with a recognizer that the test holds in its hand.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { AudioFormatError, ServiceError } from "../errors.ts";
import type { LiveDigitEvent } from "../live/digit-event.ts";
import { readLiveStart } from "./live-protocol.ts";
import {
  type LiveSession,
  type LiveSessionOptions,
  type LiveSummary,
  MAX_LIVE_MESSAGE_BYTES,
  runLiveSession,
} from "./live-session.ts";
import type { LiveStream } from "./live-workers.ts";

const RATE = 8000;
const START = { sampleRate: RATE, format: "f32le" };
const DIGIT: LiveDigitEvent = {
  id: 0,
  status: "firm",
  digit: 4,
  confidence: 0.9,
  rivals: [],
  startMs: 100,
  endMs: 400,
};

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});

describe("a session's first message", () => {
  it.each([
    ["no JSON", "hello", "request-malformed", 4400],
    ["an array", "[]", "request-malformed", 4400],
    ["audio", Buffer.alloc(8), "request-malformed", 4400],
    ["a rate that is none", '{ "sampleRate": 1, "format": "f32le" }', "invalid-argument", 4400],
    ["an unknown format", '{ "sampleRate": 8000, "format": "mp3" }', "invalid-argument", 4400],
  ])("must not be %s", async (_, message, code, closeCode) => {
    const { client, messages, closed, summary } = await openSession();
    client.send(message);
    expect(await closed).toBe(closeCode);
    expect(messages).toEqual([{ code, message: expect.any(String) }]);
    expect(await summary).toMatchObject({ outcome: code, audioMs: 0 });
  });
});

describe("a session", () => {
  it("hands all audio on in order and in short pieces, and sends what is heard", async () => {
    const { client, messages, closed, heard, summary } = await openSession();
    client.send(JSON.stringify(START));
    const audio = Float32Array.from({ length: 20_000 }, (_, i) => i);
    for (let i = 0; i < 20_000; i += 5000) client.send(audio.slice(i, i + 5000));
    client.send(JSON.stringify({ end: true }));
    expect(await closed).toBe(1000);
    expect(heard.flatMap((piece) => [...piece])).toEqual([...audio]);
    expect(Math.max(...heard.map(({ length }) => length))).toBeLessThanOrEqual(RATE / 2);
    expect(messages).toEqual([{ ready: true }, ...heard.map(() => DIGIT), { ...DIGIT, digit: 9 }]);
    expect(await summary).toEqual({ outcome: "ended", audioMs: 2500, digits: heard.length + 1 });
  });

  it("stops reading from a client that is too fast, and loses nothing", async () => {
    const gate = createDeferred<void>();
    const rate = 192_000;
    const { client, serverSocket, closed, heard } = await openSession({
      openStream: async () => fakeStream(heard, { before: gate.promise }),
    });
    client.send(JSON.stringify({ sampleRate: rate, format: "f32le" }));
    const message = new Float32Array(MAX_LIVE_MESSAGE_BYTES / 4).fill(1);
    // More than all the buffers of two sockets.
    for (let i = 0; i < 256; i++) client.send(message);
    client.send(JSON.stringify({ end: true }));
    await expect.poll(() => serverSocket.isPaused, { timeout: 60_000 }).toBe(true);
    expect(client.bufferedAmount).toBeGreaterThan(0);
    gate.resolve();
    expect(await closed).toBe(1000);
    expect(heard.reduce((sum, { length }) => sum + length, 0)).toBe(256 * message.length);
  });

  it("notices that a client has left whose audio it does not read", async () => {
    const { client, serverSocket, summary, heard } = await openSession({
      openStream: async () => fakeStream(heard, { before: createDeferred<void>().promise }),
    });
    client.send(JSON.stringify(START));
    const message = new Float32Array(MAX_LIVE_MESSAGE_BYTES / 4).fill(1);
    for (let i = 0; i < 32; i++) client.send(message);
    await expect.poll(() => serverSocket.isPaused, { timeout: 60_000 }).toBe(true);
    client.terminate();
    // The recognizer never goes on, so nothing else would tell.
    expect(await summary).toMatchObject({ outcome: "cut" });
  });

  it("ends where the client does not read what it is told", async () => {
    const gate = createDeferred<void>();
    // More than all the buffers of two sockets.
    const wordy = { ...DIGIT, rivals: Array(20).fill({ digit: 1, confidence: 0.123456789 }) };
    const talkative = { ...fakeStream([]), push: async () => Array<LiveDigitEvent>(20_000).fill(wordy) };
    const { client, serverSocket, messages, closed, summary } = await openSession({
      openStream: () => gate.promise.then(() => talkative),
    });
    client.pause();
    client.send(JSON.stringify(START));
    client.send(new Float32Array(100));
    gate.resolve();
    await expect.poll(() => serverSocket.bufferedAmount, { timeout: 60_000 }).toBeGreaterThan(1_048_576);
    client.resume();
    expect(await closed).toBe(4408);
    expect(messages.at(-1)).toMatchObject({ code: "request-too-slow" });
    expect(await summary).toMatchObject({ outcome: "request-too-slow" });
  });

  it("ends at an unknown text message, after what came before it is answered", async () => {
    const { client, messages, closed } = await openSession();
    client.send(JSON.stringify(START));
    client.send(new Float32Array(100));
    client.send("{}");
    client.send(new Float32Array(100));
    expect(await closed).toBe(4400);
    expect(messages).toEqual([
      { ready: true },
      DIGIT,
      { ...DIGIT, digit: 9 },
      { code: "request-malformed", message: expect.any(String) },
    ]);
  });

  it.each([
    ["a cut sample", Buffer.alloc(5), "request-malformed", 4400],
    ["too large a message", Buffer.alloc(MAX_LIVE_MESSAGE_BYTES + 4), "request-too-large", 4413],
  ])("ends at %s", async (_, message, code, closeCode) => {
    const { client, messages, closed } = await openSession();
    client.send(JSON.stringify(START));
    client.send(message);
    expect(await closed).toBe(closeCode);
    expect(messages.at(-1)).toMatchObject({ code });
  });

  it("takes in no more audio than its limit", async () => {
    const { client, messages, closed, heard, summary } = await openSession({ maxLiveMs: 60_000 });
    client.send(JSON.stringify({ ...START, sampleRate: 4000 }));
    for (let i = 0; i < 5; i++) client.send(new Float32Array(60_000));
    expect(await closed).toBe(4413);
    expect(heard.reduce((sum, { length }) => sum + length, 0)).toBe(240_000);
    expect(messages.at(-1)).toEqual({
      code: "audio-too-long",
      message: "a session lasts 60 s at most",
    });
    expect(await summary).toMatchObject({ outcome: "audio-too-long", audioMs: 60_000 });
  });

  it("ends when it has lasted too long, though little audio came", async () => {
    const { client, messages, closed } = await openSession({ maxLiveMs: 50 });
    client.send(JSON.stringify(START));
    expect(await closed).toBe(4413);
    expect(messages.at(-1)).toMatchObject({ code: "audio-too-long" });
  });

  it("ends when nothing comes", async () => {
    const { messages, closed } = await openSession({ maxIdleMs: 50 });
    expect(await closed).toBe(4408);
    expect(messages).toEqual([{ code: "request-too-slow", message: expect.any(String) }]);
  });

  it("does not hold against a client that the recognizer takes long to begin", async () => {
    const gate = createDeferred<void>();
    const { client, messages, closed } = await openSession({
      maxIdleMs: 50,
      openStream: async () => {
        await gate.promise;
        return fakeStream([]);
      },
    });
    client.send(JSON.stringify(START));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(messages).toEqual([]);
    gate.resolve();
    // Then it is the client's turn.
    expect(await closed).toBe(4408);
    expect(messages[0]).toEqual({ ready: true });
  });

  it("says nothing of what went wrong inside", async () => {
    const { client, messages, closed, summary } = await openSession({
      openStream: () => Promise.reject(new Error("secret")),
    });
    client.send(JSON.stringify(START));
    expect(await closed).toBe(4500);
    expect(messages).toEqual([{ code: "service-fault", message: expect.not.stringContaining("secret") }]);
    expect(await summary).toMatchObject({ outcome: "service-fault", fault: new Error("secret") });
  });

  it("ends with the recognizer's own error", async () => {
    const error = new AudioFormatError("audio-non-finite", "a sample is NaN");
    const { client, messages, closed } = await openSession({
      openStream: async () => ({ ...fakeStream([]), push: () => Promise.reject(error) }),
    });
    client.send(JSON.stringify(START));
    client.send(Float32Array.of(Number.NaN));
    expect(await closed).toBe(4422);
    expect(messages.at(-1)).toEqual({ code: "audio-non-finite", message: "a sample is NaN" });
  });

  it("answers what it has taken in before it is stopped from outside", async () => {
    const { client, session, messages, closed, heard } = await openSession();
    client.send(JSON.stringify(START));
    client.send(new Float32Array(4000));
    await expect.poll(() => heard.length, { timeout: 60_000 }).toBe(1);
    session.finish(new ServiceError("service-stopping", "the server is being shut down"));
    expect(await closed).toBe(4503);
    expect(messages.slice(-2)).toEqual([
      { ...DIGIT, digit: 9 },
      { code: "service-stopping", message: "the server is being shut down" },
    ]);
  });

  it("forgets the stream of a client that is gone", async () => {
    const closedStream = createDeferred<void>();
    const { client, summary } = await openSession({
      openStream: async () => ({ ...fakeStream([]), close: closedStream.resolve }),
    });
    client.send(JSON.stringify(START));
    client.send(new Float32Array(100));
    await once(client, "message");
    client.terminate();
    expect(await summary).toMatchObject({ outcome: "cut" });
    await closedStream.promise;
  });
});

/** A promise and what settles it. */
function createDeferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A recognizer that hears a 4 in each piece, and a 9 at the end. */
function fakeStream(heard: Float32Array[], { before }: { before?: Promise<void> } = {}): LiveStream {
  return {
    async push(samples) {
      await before;
      heard.push(samples);
      return [DIGIT];
    },
    end: async () => [{ ...DIGIT, digit: 9 }],
    close: () => undefined,
  };
}

/** A client with a session at the other end of its socket. */
async function openSession(options: Partial<LiveSessionOptions> = {}) {
  const heard: Float32Array[] = [];
  const summary = createDeferred<LiveSummary>();
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  servers.push(server);
  await once(server, "listening");
  const opened = once(server, "connection").then(([serverSocket]: WebSocket[]) => {
    const session: LiveSession = runLiveSession(serverSocket!, {
      openStream: async () => fakeStream(heard),
      admit: readLiveStart,
      maxLiveMs: 600_000,
      startTimeoutMs: 600_000,
      maxIdleMs: 600_000,
      onClosed: summary.resolve,
      ...options,
    });
    return { serverSocket: serverSocket!, session };
  });
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const messages: unknown[] = [];
  client.on("message", (data) => messages.push(JSON.parse(String(data))));
  const closed = once(client, "close").then(([code]) => code as number);
  await once(client, "open");
  return { client, ...(await opened), messages, closed, heard, summary: summary.promise };
}
