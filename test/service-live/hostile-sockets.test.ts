// WebSockets that keep to the protocol and mean no good.

import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { WebSocket } from "ws";
import { type Service, sample, startService } from "../service/service-fixture.ts";
import { connect, type RawClient } from "./raw-client.ts";

const START = { sampleRate: 8000, format: "s16le" };
const SOON = { timeout: 60_000, interval: 50 };

let service: Service;
const clients: RawClient[] = [];
/** The server's ends of all connections. */
const accepted: Socket[] = [];
beforeAll(async () => {
  const limits = { maxLiveSessions: "2", liveStartTimeoutMs: "1000", uploadTimeoutMs: "3000" };
  service = await startService(limits, ({ server }) => {
    server.on("connection", (socket) => accepted.push(socket));
  });
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.terminate();
  await vi.waitFor(() => expect(service.server.context.lifecycle.underWay).toBe(0), SOON);
});
afterAll(() => service.close());

async function open(): Promise<RawClient> {
  const client = await connect(service.url);
  client.socket.on("error", () => undefined);
  clients.push(client);
  return client;
}

async function begin(): Promise<RawClient> {
  const client = await open();
  client.send(START);
  await client.received("ready");
  return client;
}

/** The connection under a WebSocket. */
function tcpOf(socket: WebSocket): Socket {
  return (socket as unknown as { _socket: Socket })._socket;
}

async function outcomes(outcome: string): Promise<number> {
  const text = await service.server.context.metrics.registry.metrics();
  return Number(new RegExp(`live_sessions_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
}

test("a first message that never ends is given up, whatever comes of it", async () => {
  const { socket, closed, messages } = await open();
  const timer = setInterval(() => socket.send(" ", { fin: false }), 50);
  expect(await closed).toBe(4408);
  clearInterval(timer);
  expect(messages).toEqual([expect.objectContaining({ code: "request-too-slow" })]);
});

test("audio in a message that never ends is given up, pings or not", async () => {
  const { socket, closed, messages } = await begin();
  const timer = setInterval(() => {
    socket.send(Buffer.alloc(2), { fin: false });
    socket.ping();
  }, 50);
  expect(await closed).toBe(4408);
  clearInterval(timer);
  expect(messages.at(-1)).toMatchObject({ code: "request-too-slow" });
});

test("a message in more fragments than there may be closes the session, and is counted", async () => {
  const { socket, closed } = await begin();
  for (let i = 0; i < 300; i++) socket.send(Buffer.alloc(1), { fin: false });
  expect(await closed).toBe(1008);
  await vi.waitFor(async () => expect(await outcomes("request-malformed")).toBe(1), SOON);
});

test("a message in far too many reads of the socket does not get through", async () => {
  const { socket, closed } = await begin();
  const tcp = tcpOf(socket).setNoDelay();
  // Head of a masked frame of 200,000 bytes, of which one comes at a time.
  tcp.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 3, 0x0d, 0x40, 0, 0, 0, 0]));
  const timer = setInterval(() => tcp.write(Buffer.alloc(1)), 1);
  expect([1008, 4408]).toContain(await closed);
  clearInterval(timer);
});

test.each([
  ["nested", "[".repeat(200_000), "request-malformed"],
  ["long", JSON.stringify({ ...START, x: "x".repeat(10_000) }), "request-malformed"],
  ["of a nested rate", `{"sampleRate":${"[".repeat(50)}${"]".repeat(50)}}`, "request-malformed"],
  ["of a long rate", JSON.stringify({ sampleRate: "x".repeat(5000) }), "invalid-argument"],
])("a first message that is %s is refused by name", async (_name, text, code) => {
  const { send, closed, messages } = await open();
  send(text);
  expect(await closed).toBe(4400);
  expect(messages).toEqual([{ code, message: expect.any(String) }]);
  expect((messages[0] as { message: string }).message.length).toBeLessThan(200);
});

test("pings of a client that does not read do not pile up, and others are heard", async () => {
  const { socket } = await begin();
  const tcp = tcpOf(socket);
  tcp.pause();
  // Masked, with 125 bytes each; more than the buffers of the system take.
  const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125)]);
  const many = Buffer.concat(Array.from({ length: 1000 }, () => ping));
  for (let i = 0; i < 120; i++) if (!tcp.write(many)) await once(tcp, "drain");
  expect(Math.max(...accepted.map(({ writableLength }) => writableLength))).toBeLessThan(100_000);
  const other = await begin();
  other.send(Buffer.from(sample(7)).subarray(44));
  other.send({ end: true });
  expect(await other.closed).toBe(1000);
  expect(other.messages).toContainEqual(expect.objectContaining({ digit: 7 }));
});

test("a ping is answered", async () => {
  const { socket } = await begin();
  const pong = new Promise((resolve) => socket.once("pong", (data) => resolve(String(data))));
  socket.ping("there?");
  expect(await pong).toBe("there?");
});

const KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

test.each([
  ["method", "POST", `Sec-WebSocket-Version: 13\r\n${KEY}`, "request-method"],
  ["version", "GET", `Sec-WebSocket-Version: 99\r\n${KEY}`, "request-malformed"],
  ["key", "GET", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x", "request-malformed"],
  [
    "protocol",
    "GET",
    `Sec-WebSocket-Version: 13\r\n${KEY}\r\nSec-WebSocket-Protocol: a,,b`,
    "request-malformed",
  ],
])(
  "of a wrong %s no WebSocket is made, and the connection is closed",
  async (_what, method, headers, code) => {
    const socket = connectTcp(service.port, "127.0.0.1");
    const request = `${method} /api/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    socket.write(`${request}${headers}\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 40[05] [\s\S]*x-content-type-options: nosniff/);
    expect(answer).toContain(`"code":"${code}"`);
  },
);

test("nothing is decompressed: a compressed message ends the session", async () => {
  const { socket, closed } = await begin();
  expect(socket.extensions).toBe("");
  tcpOf(socket).write(Buffer.from([0xc2, 0x81, 0, 0, 0, 0, 0x61]));
  expect(await closed).toBe(1002);
});

test("a hundred thousand messages of one sample each keep nobody waiting", async () => {
  const { socket, closed } = await begin();
  const tiny = Buffer.from([0x82, 0x82, 0, 0, 0, 0, 1, 0]);
  tcpOf(socket).write(Buffer.concat(Array.from({ length: 100_000 }, () => tiny)));
  const other = await begin();
  other.send(Buffer.from(sample(7)).subarray(44));
  other.send({ end: true });
  expect(await other.closed).toBe(1000);
  expect(other.messages).toContainEqual(expect.objectContaining({ digit: 7 }));
  socket.send('{"end":true}');
  expect(await closed).toBe(1000);
});
