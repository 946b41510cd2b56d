// Who gets a live session, and what becomes of sessions when the server stops.

import { afterEach, describe, expect, it } from "vitest";
import { connect } from "./raw-client.ts";
import { type RunningServer, startServer } from "./running-server.ts";
import { heardByLibrary, RATE, spoken, toInt16 } from "./spoken-digits.ts";

const START = { sampleRate: RATE, format: "s16le" };
const TOKEN = "a-token-of-some-length";
const UNAUTHORISED = { code: "request-unauthorised", message: expect.any(String) };
const SOON = { timeout: 60_000 };

let server: RunningServer;
afterEach(() => server.app.close());

describe("the token", () => {
  it("may be in the first message, or in a header", async () => {
    server = await startServer({ token: TOKEN });
    const byMessage = await connect(server.url);
    byMessage.send({ ...START, token: TOKEN });
    await byMessage.received("ready");
    const byHeader = await connect(server.url, { authorization: `Bearer ${TOKEN}` });
    byHeader.send(START);
    await byHeader.received("ready");
  });

  it("must be right", async () => {
    server = await startServer({ token: TOKEN });
    for (const token of [undefined, "", `${TOKEN}x`]) {
      const { send, messages, closed } = await connect(server.url);
      send({ ...START, token });
      expect(await closed).toBe(4401);
      expect(messages).toEqual([UNAUTHORISED]);
    }
  });

  it("comes before all else in a message, of which nothing is parsed without it", async () => {
    server = await startServer({ token: TOKEN });
    for (const message of ["hello", `{"voice":${"[".repeat(1_000_000)}`, '{"token":7}']) {
      const { send, messages, closed } = await connect(server.url);
      send(message);
      expect(await closed).toBe(4401);
      expect(messages).toEqual([UNAUTHORISED]);
    }
    const { send, closed } = await connect(server.url);
    send(`{"token":"${TOKEN}","voice":${"[".repeat(1_000_000)}`);
    expect(await closed).toBe(4400);
  });
});

describe("pages of other sites", () => {
  it("get no session, those of the server itself do", async () => {
    server = await startServer();
    const foreign = await connect(server.url, { origin: "https://example.org" });
    expect(await foreign.closed).toBe(4403);
    expect(foreign.messages).toEqual([{ code: "request-foreign-page", message: expect.any(String) }]);
    const own = await connect(server.url, { origin: server.url });
    own.send(START);
    await own.received("ready");
  });

  it("get one where their origin is allowed", async () => {
    server = await startServer({ corsOrigins: "https://example.org" });
    const { send, received } = await connect(server.url, { origin: "https://example.org" });
    send(START);
    await received("ready");
    const other = await connect(server.url, { origin: "https://example.com" });
    expect(await other.closed).toBe(4403);
  });
});

describe("the limit of sessions", () => {
  it("refuses one too many at once, and has room again when one is over", async () => {
    server = await startServer({ maxLiveSessions: "1" });
    const first = await connect(server.url);
    first.send(START);
    await first.received("ready");
    const second = await connect(server.url);
    expect(await second.closed).toBe(4503);
    expect(second.messages).toEqual([{ code: "service-busy", message: expect.any(String) }]);
    expect(await server.metric('spoken_digits_rejected_total{code="service-busy"}')).toBe(1);
    first.send({ end: true });
    expect(await first.closed).toBe(1000);
    await expect.poll(() => server.metric("spoken_digits_live_sessions"), SOON).toBe(0);
    const third = await connect(server.url);
    third.send(START);
    await third.received("ready");
  });

  it("of 0 means that there is no such address", async () => {
    server = await startServer({ maxLiveSessions: "0" });
    await expect(connect(server.url)).rejects.toThrow("404");
  });
});

describe("a live session that says nothing", () => {
  it("holds no place before its first message, and has a time for that", async () => {
    server = await startServer({ maxLiveSessions: "1", liveStartTimeoutMs: "3000" });
    const silent = await connect(server.url);
    const other = await connect(server.url);
    other.send(START);
    await other.received("ready");
    expect(await silent.closed).toBe(4408);
    expect(silent.messages).toEqual([{ code: "request-too-slow", message: expect.any(String) }]);
    expect(await server.metric('spoken_digits_dropped_total{reason="live-silent"}')).toBe(1);
  });

  it("makes way for one that begins", async () => {
    server = await startServer({ maxLiveSessions: "1" });
    const silent = await connect(server.url);
    silent.send(START);
    await silent.received("ready");
    await expect.poll(begins, SOON).toBe(true);
    expect(await silent.closed).toBe(4408);
    expect(await server.metric('spoken_digits_dropped_total{reason="live-silent"}')).toBe(1);
    expect(await server.metric("spoken_digits_live_sessions")).toBe(1);
  });

  it("is counted for its address alone", async () => {
    server = await startServer({ maxLiveSessionsPerAddress: "1", trustProxy: "loopback" });
    const from = (address: string) => connect(server.url, { "x-forwarded-for": address });
    const first = await from("192.0.2.1");
    first.send(START);
    await first.received("ready");
    const timer = setInterval(() => first.send(Buffer.alloc(160)), 20);
    const second = await from("192.0.2.1");
    expect(await second.closed).toBe(4503);
    const third = await from("192.0.2.2");
    third.send(START);
    await third.received("ready");
    clearInterval(timer);
    expect(await server.metric('spoken_digits_dropped_total{reason="live-limit"}')).toBe(1);
  });

  async function begins(): Promise<boolean> {
    const { send, received } = await connect(server.url);
    send(START);
    return received("ready").then(
      () => true,
      () => false,
    );
  }
});

describe("a server that stops", () => {
  it("answers all audio that has come before it closes a session", async () => {
    server = await startServer();
    const samples = await spoken([8, 0]);
    const { send, received, messages, closed } = await connect(server.url);
    send(START);
    await received("ready");
    send(toInt16(samples));
    // The first digit is heard only when all of the message has come.
    await received("digit");
    const stopped = server.app.close();
    expect(await closed).toBe(4503);
    await stopped;
    expect(messages).toEqual([
      { ready: true },
      ...(await heardByLibrary(samples)),
      { code: "service-stopping", message: expect.any(String) },
    ]);
  });
});
