// Against a stand-in for `fetch`: what is sent, and what becomes of each kind of answer. Against a real service:
// test/service-live.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ANSWER, json, standIn } from "../../test/support/client-stand-in.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import { createClient } from "./client.ts";

const BUSY = { code: "service-busy", message: "full" };
const FILE = Uint8Array.of(1, 2, 3);

/** The waits asked for, in ms; they are over at once, or never. */
let waits: number[];
let waitsEnd: boolean;

beforeEach(() => {
  waits = [];
  waitsEnd = true;
  const { setTimeout: realSetTimeout } = globalThis;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((callback: () => void, ms: number) => {
    // Others set timers too, to be called as soon as may be.
    if (!ms) return realSetTimeout(callback);
    waits.push(ms);
    if (waitsEnd) queueMicrotask(callback);
    return waits.length;
  }) as typeof setTimeout);
  vi.spyOn(globalThis, "clearTimeout").mockImplementation(() => undefined);
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => vi.restoreAllMocks());

describe("createClient", () => {
  it.each([
    [{ url: "not an address" }],
    [{ url: "ftp://example.org" }],
    [{ url: "http://a", retries: -1 }],
    [{ url: "http://a", retries: 0.5 }],
    [{ url: "http://a", retryDelayMs: Number.NaN }],
    [{ url: "http://a", maxRetryDelayMs: Number.POSITIVE_INFINITY }],
  ])("refuses %j", (options) => {
    expect(() => createClient(options)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  });
});

describe("classify", () => {
  it("sends the bytes to the service's address and returns its answer", async () => {
    const { client, requests } = standIn([json(ANSWER)], { url: "https://host:8443/speech?x=1" });
    expect(await client.classify(FILE)).toEqual(ANSWER);
    expect(requests[0]!.url).toBe("https://host:8443/speech/api/classify");
    expect(requests[0]!.init.method).toBe("POST");
    expect(requests[0]!.init.headers).toBeUndefined();
    const body = requests[0]!.init.body as Blob;
    expect(body.type).toBe("application/octet-stream");
    expect(new Uint8Array(await body.arrayBuffer())).toEqual(FILE);
  });

  it("takes a Blob, an ArrayBuffer, and a view on part of one", async () => {
    const { client, requests } = standIn([json(ANSWER), json(ANSWER), json(ANSWER)]);
    await client.classify(new Blob([FILE], { type: "audio/wav" }));
    await client.classify(Uint8Array.of(1, 2, 3).buffer);
    await client.classify(Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 4));
    for (const { init } of requests) {
      const bytes = await (init.body as Blob).arrayBuffer();
      expect(new Uint8Array(bytes)).toEqual(FILE);
    }
  });

  it("sends the options and the token", async () => {
    const { client, requests } = standIn([json(ANSWER)], { token: "secret" });
    await client.classify(FILE, { trim: false, denoise: true, top: 3 });
    expect(requests[0]!.url).toBe("http://service/api/classify?trim=false&denoise=true&top=3");
    expect(requests[0]!.init.headers).toEqual({ authorization: "Bearer secret" });
  });

  it("sends a voice in a form beside the recording", async () => {
    const { client, requests } = standIn([json(ANSWER), json(ANSWER)]);
    await client.classify(FILE, { voice: { name: "Ada" } as VoiceProfile });
    const form = requests[0]!.init.body as FormData;
    expect(form.get("voice")).toBe('{"name":"Ada"}');
    expect(new Uint8Array(await (form.get("file") as Blob).arrayBuffer())).toEqual(FILE);
    await client.transcribe(FILE, { voice: { name: "Ada" } as VoiceProfile, expect: "digits" });
    expect(requests[1]!.url).toBe("http://service/api/transcribe?expect=digits");
    expect((requests[1]!.init.body as FormData).get("voice")).toBe('{"name":"Ada"}');
  });

  it("throws what the service says, and asks once", async () => {
    const refused = json({ code: "audio-unrecognised", message: "no audio" }, 415);
    const { client, requests } = standIn([refused]);
    await expect(client.classify(FILE)).rejects.toMatchObject({
      name: "AudioFormatError",
      code: "audio-unrecognised",
      message: "no audio",
    });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["a page", new Response("<html>", { status: 502, headers: { "content-type": "text/html" } }), "502"],
    ["a page in place of an answer", new Response("<html>", { status: 200 }), "200"],
    ["JSON of something else", json({ error: "no" }, 404), "404"],
  ])("says so where %s answers", async (_, response, words) => {
    const { client } = standIn([response]);
    await expect(client.classify(FILE)).rejects.toMatchObject({
      code: "service-unreachable",
      message: expect.stringContaining(words),
    });
  });

  it("says so where nothing answers, with the reason", async () => {
    const cause = new Error("connect ECONNREFUSED 127.0.0.1:9");
    const failure = new TypeError("fetch failed", { cause });
    const { client, requests } = standIn([failure]);
    await expect(client.classify(FILE)).rejects.toMatchObject({
      name: "ServiceError",
      code: "service-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
      cause: failure,
    });
    expect(requests).toHaveLength(1);
  });
});

describe("a busy service", () => {
  it("is asked again after times that double", async () => {
    const { client } = standIn([busy(), busy(), busy(), json(ANSWER)], { retryDelayMs: 100 });
    expect(await client.classify(FILE)).toEqual(ANSWER);
    expect(waits).toEqual([100, 200, 400]);
  });

  it("is left alone as long as it asks for in seconds, and then some", async () => {
    const { client } = standIn([busy(503, "3"), json(ANSWER)], { retryDelayMs: 10 });
    expect(await client.classify(FILE)).toEqual(ANSWER);
    expect(waits).toEqual([3000, 10]);
  });

  it("is left alone until the date it names", async () => {
    vi.spyOn(Date, "now").mockReturnValue(Date.parse("2030-01-01T00:00:00Z"));
    const { client } = standIn([busy(503, "Tue, 01 Jan 2030 00:00:07 GMT"), json(ANSWER)]);
    expect(await client.classify(FILE)).toEqual(ANSWER);
    expect(waits[0]).toBe(7000);
  });

  it("is asked again where it says that requests come too often", async () => {
    const { client } = standIn([busy(429, "1"), json(ANSWER)]);
    expect(await client.classify(FILE)).toEqual(ANSWER);
  });

  it("is asked again where a load balancer answers for it", async () => {
    const { client } = standIn([new Response("no backend", { status: 503 }), json(ANSWER)]);
    expect(await client.classify(FILE)).toEqual(ANSWER);
  });

  it("is asked as often as told, then its answer is final", async () => {
    const { client, requests } = standIn([busy(503, "1"), busy(503, "1"), busy(503, "1")], { retries: 2 });
    await expect(client.classify(FILE)).rejects.toMatchObject({ name: "ServiceError", ...BUSY });
    expect(requests).toHaveLength(3);
    expect(waits).toHaveLength(4);
  });

  it("is not waited for longer than told", async () => {
    const { client, requests } = standIn([busy(503, "31")]);
    await expect(client.classify(FILE)).rejects.toMatchObject(BUSY);
    expect(requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });
});

describe("an abort", () => {
  const reason = new Error("changed my mind");

  it("comes before anything is sent", async () => {
    const { client, requests } = standIn([json(ANSWER)]);
    await expect(client.classify(FILE, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
  });

  it("ends a request under way", async () => {
    const controller = new AbortController();
    const { client } = standIn([
      (init) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        }),
    ]);
    const answer = expect(client.classify(FILE, { signal: controller.signal })).rejects.toBe(reason);
    controller.abort(reason);
    await answer;
  });

  it.each([
    ["that the service asked for", "5"],
    ["that doubles", undefined],
  ])("ends the wait %s", async (_, retryAfter) => {
    waitsEnd = false;
    const controller = new AbortController();
    const { client, requests } = standIn([busy(503, retryAfter)], { retryDelayMs: 5000 });
    const answer = expect(client.classify(FILE, { signal: controller.signal })).rejects.toBe(reason);
    await vi.waitFor(() => expect(waits).toEqual([5000]));
    controller.abort(reason);
    await answer;
    expect(requests).toHaveLength(1);
    expect(clearTimeout).toHaveBeenCalledWith(1);
  });

  it("may have a reason that is no error", async () => {
    const { client } = standIn([]);
    await expect(client.classify(FILE, { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
  });
});

function busy(status = 503, retryAfter?: string): Response {
  return Response.json(BUSY, { status, headers: retryAfter ? { "retry-after": retryAfter } : {} });
}
