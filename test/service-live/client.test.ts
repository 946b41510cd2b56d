// The client against a real server: as the library, error for error, and aborted at every point.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import { encodeWav } from "../../src/audio/encode-wav.ts";
import { createClient, type DigitEvent, type LiveOptions } from "../../src/client/index.ts";
import { transcribeRecording } from "../../src/index.ts";
import { loadClassifier, loadStreamModel } from "../../src/load-models.ts";
import { teachVoice } from "../../src/model/teach-voice.ts";
import { classifyBytes } from "../../src/recordings/recordings.ts";
import { type RunningServer, startServer } from "./running-server.ts";
import { heardByLibrary, piecesOf, RATE, spoken } from "./spoken-digits.ts";

const TOKEN = "a-token-of-some-length";
const SOON = { timeout: 60_000 };

let server: RunningServer;
let seven: Uint8Array;

beforeAll(async () => {
  server = await startServer({ token: TOKEN });
  seven = await readFile(new URL("../../fixtures/samples/7.wav", import.meta.url));
});
afterAll(() => server.app.close());

describe("classify", () => {
  it("answers what the library answers", async () => {
    const classifier = await loadClassifier({ threshold: 0 });
    const expected = await classifyBytes(classifier, seven);
    await classifier.release();
    const { ms, top, ...answer } = await clientOf(server).classify(seven, { top: 2 });
    const { logMel: _, ms: __, topDigit, ...decision } = expected;
    expect(answer).toEqual(decision);
    expect(ms).toBeGreaterThan(0);
    expect(top).toHaveLength(2);
    expect(top?.[0]).toEqual({ digit: topDigit, confidence: expected.confidence });
  });

  it("takes the options", async () => {
    const client = clientOf(server);
    const [trimmed, whole, denoised] = [
      await client.classify(seven),
      await client.classify(seven, { trim: false }),
      await client.classify(seven, { denoise: true }),
    ];
    expect(whole.probs).not.toEqual(trimmed.probs);
    expect(denoised.probs).not.toEqual(trimmed.probs);
  });

  it("throws the library's own errors", async () => {
    const client = clientOf(server);
    const noAudio = new TextEncoder().encode("this is no audio, only words");
    await expect(client.classify(noAudio)).rejects.toMatchObject({
      name: "AudioFormatError",
      code: "audio-unrecognised",
    });
    await expect(client.classify(new Uint8Array())).rejects.toMatchObject({ code: "audio-empty" });
    await expect(client.classify(seven, { top: 99 })).rejects.toMatchObject({
      name: "InvalidArgumentError",
    });
    const stranger = createClient({ url: server.url });
    await expect(stranger.classify(seven)).rejects.toMatchObject({ code: "request-unauthorised" });
  });
});

describe("classifyAll", () => {
  it("answers for each file, and says which cannot be used", async () => {
    const client = clientOf(server);
    const entries = await client.classifyAll([
      seven,
      seven.subarray(0, 30),
      new Blob([new Uint8Array(seven)]),
    ]);
    const { ms: _, ...answer } = await client.classify(seven);
    expect(entries).toEqual([
      expect.objectContaining(answer),
      { error: expect.objectContaining({ name: "AudioFormatError", code: "audio-truncated" }) },
      expect.objectContaining(answer),
    ]);
  });
});

describe("transcribe", () => {
  it("answers what the library answers, with the same options", async () => {
    const number = encodeWav(await spoken([4, 5, 1]), { sampleRate: RATE });
    const options = { expect: "digits", length: "3", alternatives: 2, threshold: 0.2 } as const;
    const { ms, durationMs, ...answer } = await clientOf(server).transcribe(number, options);
    expect(answer).toEqual(await transcribeRecording(number, options));
    expect(answer.digits).toBe("451");
    expect(answer.alternatives).toHaveLength(2);
    expect(ms).toBeGreaterThan(0);
    expect(durationMs).toBeGreaterThan(1000);
  });

  it("answers for each of several files, and says which cannot be used", async () => {
    const client = clientOf(server);
    const entries = await client.transcribeAll([seven, seven.subarray(0, 30)], { expect: "digits" });
    expect(entries).toEqual([
      expect.objectContaining({ digits: "7" }),
      { error: expect.objectContaining({ name: "AudioFormatError", code: "audio-truncated" }) },
    ]);
  });

  it("throws the library's own errors, and the signal's reason", async () => {
    const client = clientOf(server);
    await expect(client.transcribe(seven, { alternatives: 99 })).rejects.toMatchObject({
      name: "InvalidArgumentError",
    });
    await expect(client.transcribe(seven.subarray(0, 30))).rejects.toMatchObject({ code: "audio-truncated" });
    const reason = new Error("changed my mind");
    await expect(client.transcribe(seven, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("live", () => {
  it("hears what the library hears, from a generator and from a stream", async () => {
    const samples = await spoken([2, 6, 4]);
    const expected = await heardByLibrary(samples);
    expect(await collected(clientOf(server).live(generate(samples), { sampleRate: RATE }))).toEqual(expected);
    const stream = ReadableStream.from(generate(samples));
    expect(await collected(clientOf(server).live(stream, { sampleRate: RATE }))).toEqual(expected);
  });

  it("hears with the speaker's voice, where it is of the service's model", async () => {
    const [classifier, streamModel] = await Promise.all([loadClassifier(), loadStreamModel()]);
    const take = { ...(await decodeAudio(seven)), label: 7 };
    const { profile: voice } = await teachVoice(classifier, [take], { streamModel });
    await Promise.all([classifier.release(), streamModel.release()]);
    const samples = await spoken([2, 7]);
    const expected = await heardByLibrary(samples, voice);
    expect(expected).not.toEqual(await heardByLibrary(samples));
    const hear = (settings: Partial<LiveOptions>) =>
      collected(clientOf(server).live(generate(samples), { sampleRate: RATE, ...settings }));
    expect(await hear({ voice })).toEqual(expected);
    const stream = { ...voice.stream!, model: "00000000" };
    await expect(hear({ voice: { ...voice, stream } })).rejects.toMatchObject({ code: "voice-format" });
  });

  it("reads no more of an endless source once the digit it waited for is there", async () => {
    const samples = await spoken([1, 7, 5]);
    const [first] = await heardByLibrary(samples);
    let returned = false;
    async function* endless() {
      try {
        for (;;) yield* piecesOf(samples, 800);
      } finally {
        returned = true;
      }
    }
    for await (const event of clientOf(server).live(endless(), { sampleRate: RATE })) {
      expect(event).toEqual(first);
      break;
    }
    await expect.poll(() => returned, SOON).toBe(true);
    await expect.poll(() => server.metric("spoken_digits_live_sessions"), SOON).toBe(0);
  });

  it("ends with the signal's reason while it waits for sound, and tells the source", async () => {
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    let cancelled = false;
    const silent = new ReadableStream<Float32Array>(
      {
        pull: () => {
          controller.abort(reason);
          return new Promise(() => undefined);
        },
        cancel() {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    const options = { sampleRate: RATE, signal: controller.signal };
    await expect(collected(clientOf(server).live(silent, options))).rejects.toBe(reason);
    await expect.poll(() => cancelled, SOON).toBe(true);
  });

  it("does not connect when it is aborted before", async () => {
    const options = { sampleRate: RATE, signal: AbortSignal.abort(new Error("too late")) };
    const client = createClient({ url: "http://127.0.0.1:9" });
    await expect(collected(client.live(generate(new Float32Array(1)), options))).rejects.toThrow("too late");
  });

  it("throws what the source throws, and what the server says", async () => {
    const client = clientOf(server);
    const broken = new ReadableStream<Float32Array>({
      pull: (controller) => controller.error(new Error("no microphone")),
    });
    await expect(collected(client.live(broken, { sampleRate: RATE }))).rejects.toThrow("no microphone");
    await expect(
      collected(client.live(generate(new Float32Array(1)), { sampleRate: 1 })),
    ).rejects.toMatchObject({
      name: "InvalidArgumentError",
      code: "invalid-argument",
    });
    const notFinite = generate(Float32Array.of(Number.NaN));
    await expect(collected(client.live(notFinite, { sampleRate: RATE }))).rejects.toMatchObject({
      code: "audio-non-finite",
    });
    const stranger = createClient({ url: server.url });
    const audio = generate(new Float32Array(1));
    await expect(collected(stranger.live(audio, { sampleRate: RATE }))).rejects.toMatchObject({
      code: "request-unauthorised",
    });
  });

  it("says so where nothing listens, and where the line is cut", async () => {
    const nobody = createClient({ url: `http://127.0.0.1:${await unusedPort()}` });
    const audio = () => generate(new Float32Array(1));
    await expect(collected(nobody.live(audio(), { sampleRate: RATE }))).rejects.toMatchObject({
      code: "service-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    const cutter = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(cutter, "listening");
    cutter.on("connection", (socket) => socket.on("message", () => socket.terminate()));
    const client = createClient({ url: `http://127.0.0.1:${(cutter.address() as AddressInfo).port}` });
    await expect(collected(client.live(audio(), { sampleRate: RATE }))).rejects.toMatchObject({
      code: "service-unreachable",
      message: expect.stringContaining("1006"),
    });
    cutter.close();
  });
});

function clientOf({ url }: RunningServer) {
  return createClient({ url, token: TOKEN });
}

async function* generate(samples: Float32Array): AsyncGenerator<Float32Array> {
  yield* piecesOf(samples, 1000);
}

async function collected(events: AsyncIterable<DigitEvent>): Promise<DigitEvent[]> {
  const all: DigitEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
