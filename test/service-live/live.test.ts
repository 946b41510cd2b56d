// Live sessions over real sockets, as programs of others would run them.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAX_LIVE_MESSAGE_BYTES } from "../../src/server/live-session.ts";
import { connect } from "./raw-client.ts";
import { type RunningServer, startServer } from "./running-server.ts";
import { heardByLibrary, piecesOf, RATE, spoken, toInt16 } from "./spoken-digits.ts";

const START = { sampleRate: RATE, format: "f32le" };
const DIGITS = [3, 1, 7];
/** On a machine with much else to do. */
const SOON = { timeout: 60_000 };

let server: RunningServer;
let samples: Float32Array;

beforeAll(async () => {
  server = await startServer();
  samples = await spoken(DIGITS);
});
afterAll(() => server.app.close());

describe("a live session", () => {
  it("hears what the library hears, sent at once", async () => {
    const { messages, send, closed } = await connect(server.url);
    send(START);
    send(bytesOf(samples));
    send({ end: true });
    expect(await closed).toBe(1000);
    expect(messages).toEqual([{ ready: true }, ...(await heardByLibrary(samples))]);
    expect(messages.length).toBeGreaterThan(1);
  });

  it("hears the same in frames of 20 ms in real time, each digit before the audio is over", async () => {
    const { messages, send, closed, received } = await connect(server.url);
    send(START);
    await received("ready");
    for (const piece of piecesOf(samples, 160)) {
      send(bytesOf(piece));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await received("digit");
    const early = messages.length;
    send({ end: true });
    expect(await closed).toBe(1000);
    expect(early).toBeGreaterThan(1);
    expect(messages.slice(1)).toEqual(await heardByLibrary(samples));
  });

  it("hears 16-bit integers as the same audio", async () => {
    const { messages, send, closed } = await connect(server.url);
    send({ sampleRate: RATE, format: "s16le" });
    for (const piece of piecesOf(samples, 4000)) send(toInt16(piece));
    send({ end: true });
    expect(await closed).toBe(1000);
    expect(messages.slice(1)).toEqual(await heardByLibrary(samples));
  });

  it("loses nothing of audio that comes far faster than it can be heard", async () => {
    const minute = await spoken(Array.from({ length: 60 }, (_, i) => i % 10));
    const { messages, send, closed } = await connect(server.url);
    send(START);
    for (const piece of piecesOf(minute, 8000)) send(bytesOf(piece));
    send({ end: true });
    expect(await closed).toBe(1000);
    expect(messages.slice(1)).toEqual(await heardByLibrary(minute));
  });

  it("runs beside others without mixing them up", async () => {
    const others = [[0, 5], [2, 8, 9], [4], [6, 1]];
    const answers = await Promise.all(
      others.map(async (digits) => {
        const audio = await spoken(digits);
        const { messages, send, closed } = await connect(server.url);
        send(START);
        for (const piece of piecesOf(audio, 800)) send(bytesOf(piece));
        send({ end: true });
        await closed;
        return { messages: messages.slice(1), expected: await heardByLibrary(audio) };
      }),
    );
    for (const { messages, expected } of answers) expect(messages).toEqual(expected);
  });

  it("is counted", async () => {
    const ended = 'spoken_digits_live_sessions_total{outcome="ended"}';
    const [sessions, seconds, digits] = [
      await server.metric(ended),
      await server.metric("spoken_digits_live_audio_seconds_total"),
      await server.metric("spoken_digits_live_digits_total"),
    ];
    const { messages, send, closed } = await connect(server.url);
    send(START);
    send(bytesOf(samples));
    send({ end: true });
    await closed;
    await expect.poll(() => server.metric(ended), SOON).toBe(sessions + 1);
    const audio = (await server.metric("spoken_digits_live_audio_seconds_total")) - seconds;
    expect(audio).toBeCloseTo(samples.length / RATE, 6);
    const heard = (await server.metric("spoken_digits_live_digits_total")) - digits;
    expect(heard).toBe(messages.length - 1);
    expect(await server.metric("spoken_digits_live_sessions")).toBe(0);
  });
});

describe("a client that goes away", () => {
  it("leaves nothing behind, whether it has said anything or not", async () => {
    const silent = await connect(server.url);
    const talking = await connect(server.url);
    talking.send(START);
    await talking.received("ready");
    talking.send(bytesOf(samples));
    // One that says nothing holds no place.
    expect(await server.metric("spoken_digits_live_sessions")).toBe(1);
    silent.socket.terminate();
    talking.socket.terminate();
    await expect.poll(() => server.metric("spoken_digits_live_sessions"), SOON).toBe(0);
    expect(await server.metric('spoken_digits_live_sessions_total{outcome="cut"}')).toBe(2);
  });
});

describe("a message far over the limit", () => {
  it("ends the session before it is read", async () => {
    const { send, closed } = await connect(server.url);
    send(START);
    send(Buffer.alloc(5 * MAX_LIVE_MESSAGE_BYTES));
    expect(await closed).toBe(1009);
    await expect.poll(() => server.metric("spoken_digits_live_sessions"), SOON).toBe(0);
  });
});

describe("a request that is no WebSocket", () => {
  it("is told so", async () => {
    const response = await fetch(`${server.url}/api/live`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "request-malformed" });
  });
});

function bytesOf(piece: Float32Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
