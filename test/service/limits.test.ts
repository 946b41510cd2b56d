import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { encodeWav } from "../../src/audio/encode-wav.ts";
import type { SettingTexts } from "../../src/server/settings.ts";
import { REDIS_PROGRAM, startRedis } from "../support/redis-server.ts";
import { failureOf, longRecording, type Service, sample, startService } from "./service-fixture.ts";

const LONG = longRecording();
const open: Service[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()));
});

async function start(settings: SettingTexts = {}): Promise<Service> {
  const service = await startService(settings);
  open.push(service);
  return service;
}

describe("limits of size", () => {
  test("a body over the limit is refused, whether or not its length is announced", async () => {
    const service = await start({ maxBodyBytes: "20000" });
    const tooLong = new Uint8Array(20_001);
    expect(await failureOf(await service.classify(tooLong))).toBe("request-too-large");
    expect(await failureOf(await service.classify([tooLong]))).toBe("request-too-large");
    expect(await failureOf(await postInPieces(service, tooLong))).toBe("request-too-large");
    expect(await failureOf(await service.classify(sample(7)))).toBe("answered");
  });

  test("a body of many megabytes too much gets its answer and not a broken connection", async () => {
    const service = await start({ maxBodyBytes: "20000" });
    for (let i = 0; i < 3; i++) {
      const bytes = new Uint8Array(30_000_000);
      expect(await failureOf(await service.classify(bytes))).toBe("request-too-large");
      expect(await failureOf(await service.classify([bytes]))).toBe("request-too-large");
      expect(await failureOf(await postInPieces(service, bytes))).toBe("request-too-large");
    }
  });

  test("files of a form that are over the limit only together are refused, sent in pieces too", async () => {
    const service = await start({ maxBodyBytes: "20000" });
    const files = [sample(7), sample(7)];
    expect(await failureOf(await service.classify(files))).toBe("request-too-large");
    const { body, headers } = new Request(service.url, { method: "POST", body: formWith(files) });
    const bytes = new Uint8Array(await new Response(body).arrayBuffer());
    const type = headers.get("content-type")!;
    expect(await failureOf(await postInPieces(service, bytes, type))).toBe("request-too-large");
  });

  test("more files than the limit are refused", async () => {
    const service = await start({ maxFiles: "2" });
    const [one, two, three] = [sample(1), sample(2), sample(3)];
    expect(await failureOf(await service.classify([one, two, three]))).toBe("request-too-large");
    expect(await failureOf(await service.classify([one, two]))).toBe("answered");
  });

  test("a recording over the limit of duration is refused", async () => {
    const service = await start({ maxDurationMs: "1000" });
    const seconds = (n: number) => encodeWav(new Float32Array(8000 * n), { sampleRate: 8000 });
    expect(await failureOf(await service.classify(seconds(2)))).toBe("audio-too-long");
    expect(await failureOf(await service.classify(seconds(1)))).toBe("answered");
  });
});

describe("limits of number", () => {
  test("more requests a minute than the limit are refused, but not those of watchers", async () => {
    const service = await start({ rateLimit: "3" });
    for (let i = 0; i < 3; i++) expect((await service.classify(sample(i))).status).toBe(200);
    const refused = await service.classify(sample(4));
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await failureOf(refused)).toBe("request-too-frequent");
    for (let i = 0; i < 5; i++) expect((await service.ask("/readyz")).status).toBe(200);
  });

  test("clients behind a proxy that is believed are told apart", async () => {
    const service = await start({ rateLimit: "1", trustProxy: "127.0.0.1" });
    const from = (client: string) => service.ask("/api/model", { headers: { "x-forwarded-for": client } });
    expect((await from("192.0.2.1")).status).toBe(200);
    expect((await from("192.0.2.2")).status).toBe(200);
    expect((await from("192.0.2.1")).status).toBe(429);
  });

  test.skipIf(!REDIS_PROGRAM)("replicas count together in Redis, and go on without it", async () => {
    const redis = await startRedis();
    const settings = { rateLimit: "2", rateLimitRedis: redis.url };
    const [one, two] = [await start(settings), await start(settings)];
    expect((await one.ask("/api/model")).status).toBe(200);
    expect((await two.ask("/api/model")).status).toBe(200);
    expect((await one.ask("/api/model")).status).toBe(429);
    expect((await two.ask("/api/model")).status).toBe(429);
    await redis.stop();
    expect((await one.ask("/api/model")).status).toBe(200);
  });

  test("a Redis that is not there is told at the start", async () => {
    const settings = { rateLimit: "2", rateLimitRedis: "redis://127.0.0.1:1" };
    await expect(start(settings)).rejects.toMatchObject({ code: "service-unreachable" });
  });

  test("nobody is believed who is no such proxy", async () => {
    const service = await start({ rateLimit: "1" });
    const from = (client: string) => service.ask("/api/model", { headers: { "x-forwarded-for": client } });
    expect((await from("192.0.2.1")).status).toBe(200);
    expect((await from("192.0.2.2")).status).toBe(429);
  });

  test("a request beyond the queue is refused at once, and the next one taken once there is room", async () => {
    const service = await start({ maxQueue: "0", answerTimeoutMs: "100000" });
    const { pool } = service.server.context;
    const first = service.classify(LONG, "?denoise=true");
    await vi.waitFor(() => expect(pool.running).toBe(1), { timeout: 30_000, interval: 1 });
    const others = Array.from({ length: 7 }, () => service.classify(LONG, "?denoise=true"));
    const answers = await Promise.all([first, ...others]);
    const failures = await Promise.all(answers.map(failureOf));
    expect(failures[0]).toBe("answered");
    expect(failures).toContain("service-busy");
    const refused = answers.find(({ status }) => status === 503)!;
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await failureOf(await service.classify(sample(7)))).toBe("answered");
  });

  test("a request whose bytes do not fit beside those under way is refused", async () => {
    const service = await start({ maxHeldBytes: "100000" });
    expect(await failureOf(await service.classify(new Uint8Array(100_001)))).toBe("service-busy");
    expect(await failureOf(await service.classify(sample(7)))).toBe("answered");
  });
});

describe("limits of time", () => {
  test("an answer that takes too long is given up, and the server goes on", async () => {
    const service = await start({ answerTimeoutMs: "700" });
    const { pool } = service.server.context;
    const response = await service.classify(
      Array.from({ length: 8 }, () => LONG),
      "?denoise=true",
    );
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await failureOf(response)).toBe("service-timeout");
    await vi.waitFor(() => expect(pool.workers).toBe(1), { timeout: 60_000 });
    await vi.waitFor(
      async () => expect(await failureOf(await service.classify(sample(7)))).toBe("answered"),
      {
        timeout: 60_000,
      },
    );
  });

  test("an upload that does not come to its end in time is refused", async () => {
    const service = await start({ uploadTimeoutMs: "500" });
    const socket = await openSocket(service);
    socket.write("POST /api/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nRIFF");
    const answer = await readAll(socket);
    expect(answer).toContain("HTTP/1.1 408 Request Timeout");
    expect(JSON.parse(answer.split("\r\n\r\n")[1]!)).toMatchObject({ code: "request-too-slow" });
    await vi.waitFor(() => expect(service.server.context.lifecycle.underWay).toBe(0), { timeout: 10_000 });
  });

  test("an upload that drips in and comes to its end in time is answered", async () => {
    const service = await start();
    const socket = await openSocket(service);
    const bytes = sample(7);
    socket.write(
      `POST /api/classify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    for (let at = 0; at < bytes.length; at += 700) {
      socket.write(bytes.slice(at, at + 700));
      await wait(5);
    }
    expect(await readAll(socket)).toContain('"confidence":');
  });

  test("uploads that are cut off leave nothing behind", async () => {
    const service = await start({ maxHeldBytes: "3000000", maxBodyBytes: "1000000" });
    const { lifecycle } = service.server.context;
    for (let i = 0; i < 20; i++) {
      const socket = await openSocket(service);
      socket.write("POST /api/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\nRIFF");
      await vi.waitFor(() => expect(lifecycle.underWay).toBe(1), { timeout: 10_000, interval: 1 });
      socket.destroy();
      await vi.waitFor(() => expect(lifecycle.underWay).toBe(0), { timeout: 10_000, interval: 1 });
    }
    expect(await failureOf(await service.classify(sample(7)))).toBe("answered");
  });

  test("a client that goes away takes its request out of the queue", async () => {
    const service = await start({ answerTimeoutMs: "100000" });
    const { pool } = service.server.context;
    const first = service.classify(LONG, "?denoise=true");
    await vi.waitFor(() => expect(pool.running).toBe(1), { timeout: 30_000, interval: 1 });
    const controller = new AbortController();
    const body = new Blob([new Uint8Array(LONG)]);
    const second = service
      .ask("/api/classify?denoise=true", { method: "POST", body, signal: controller.signal })
      .catch((error: Error) => error.name);
    await vi.waitFor(() => expect(pool.queued).toBe(1), { timeout: 30_000, interval: 1 });
    controller.abort();
    await vi.waitFor(() => expect(pool.queued).toBe(0), { timeout: 30_000, interval: 1 });
    expect(pool.running).toBe(1);
    expect(await second).toBe("AbortError");
    expect((await first).status).toBe(200);
  });
});

describe("what is no request", () => {
  test.each([
    ["nonsense", "hello\r\n\r\n", 400, "request-malformed"],
    [
      "headers without end",
      `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${"a".repeat(20_000)}\r\n\r\n`,
      413,
      "request-too-large",
    ],
  ])("%s gets a typed answer", async (_name, text, status, code) => {
    const socket = await openSocket(await start());
    socket.write(text);
    const answer = await readAll(socket);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(JSON.parse(answer.split("\r\n\r\n")[1]!)).toMatchObject({ code });
  });
});

function postInPieces(service: Service, bytes: Uint8Array, type = "audio/wav"): Promise<Response> {
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 4000) controller.enqueue(bytes.slice(at, at + 4000));
      controller.close();
    },
  });
  const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
  return service.ask("/api/classify", { ...init, headers: { "content-type": type } });
}

function formWith(files: readonly Uint8Array[]): FormData {
  const form = new FormData();
  for (const bytes of files) form.append("file", new Blob([new Uint8Array(bytes)]), "a.wav");
  return form;
}

function openSocket({ port }: Service): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket)).once("error", reject);
  });
}

function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    socket.once("end", () => resolve(text)).once("error", reject);
  });
}
