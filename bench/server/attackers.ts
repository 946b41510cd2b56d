// What a hostile or broken client does, in a process of its own: node --import tsx bench/server/attackers.ts KIND URL. It
// goes on until SIGTERM, says then what it was answered, opens again what the server closes, and knows no address but this machine's.

import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { ROOT } from "../sample-clips.ts";

/** Bytes that a slow upload announces. */
const UPLOAD_BYTES = 16_777_216;

/** Wait before a connection that was closed is opened again, in ms. */
const REOPEN_DELAY_MS = 200;

const [kind = "", target = ""] = process.argv.slice(2);
const { hostname, port } = new URL(target);
if (hostname !== "127.0.0.1") throw new Error("attackers: for servers on this machine alone");
const host = `Host: 127.0.0.1:${port}`;

const ATTACKS: Record<string, () => Promise<void>> = {
  /** Uploads that come to all but their last bytes: as many as fill the room of all, and many more. */
  "two slow uploads": () => hold(2, uploadAndStall),
  "slow uploads": () => hold(50, uploadAndStall),
  /** Requests whose headers never end, a byte a second. */
  "slow headers": () => hold(1000, dripHeaders),
  /** Asks for the largest file of the page, and reads nothing of it. */
  "non-readers": () => hold(1100, askAndNotRead),
  /** Live sessions that say nothing. */
  "silent sockets": () => hold(64, sayNothing),
  /** Forms of 16 files, one after another. */
  forms: () => hold(90, (socket) => postAgainAndAgain(socket, 16)),
  /** Single files, one after another. */
  "single files": () => hold(800, (socket) => postAgainAndAgain(socket, 1)),
  /** A thousand requests at once on each connection. */
  pipelining: () => hold(20, pipeline),
  /** Live sessions that send much and leave. */
  leavers: leaveAgainAndAgain,
};

// Answers to whole requests, by status.
const statuses: Record<string, number> = {};
process.once("SIGTERM", () => {
  console.log(
    Object.entries(statuses)
      .map(([status, n]) => `${status}: ${n}`)
      .join(", "),
  );
  process.exit();
});

let request: Promise<Buffer> | undefined;

const attack = ATTACKS[kind];
if (!attack) throw new Error(`attackers: must be one of ${Object.keys(ATTACKS).join(", ")}, got "${kind}"`);
await attack();

/** Keeps so many connections open, and says so when each has been open once. */
async function hold(count: number, use: (socket: Socket) => unknown): Promise<void> {
  let untried = count;
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (let round = 0; ; round++) {
        await new Promise<void>((resolve) => {
          // Another address than that of whoever measures: there are limits for each.
          const socket = connect({ port: Number(port), host: hostname, localAddress: "127.0.0.2" }, () =>
            use(socket),
          );
          socket.on("error", () => undefined).on("close", () => resolve());
          if (round === 0) socket.once("connect", () => --untried === 0 && console.log("ready"));
        });
        await delay(REOPEN_DELAY_MS);
      }
    }),
  );
}

function uploadAndStall(socket: Socket): void {
  socket.resume();
  socket.write(`POST /api/classify HTTP/1.1\r\n${host}\r\nContent-Length: ${UPLOAD_BYTES}\r\n\r\n`);
  socket.write(Buffer.alloc(UPLOAD_BYTES - 1000));
}

function dripHeaders(socket: Socket): void {
  socket.resume();
  socket.write(`GET / HTTP/1.1\r\n${host}\r\nX-Filler: `);
  const timer = setInterval(() => socket.write("x"), 1000);
  socket.on("close", () => clearInterval(timer));
}

function askAndNotRead(socket: Socket): void {
  socket.pause();
  const name = readdirSync(`${ROOT}dist/site/assets`).find((file) => file.endsWith(".wasm"));
  socket.write(`GET /assets/${name} HTTP/1.1\r\n${host}\r\n\r\n`);
}

function sayNothing(socket: Socket): void {
  socket.resume();
  socket.write(
    `GET /api/live HTTP/1.1\r\n${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
}

async function postAgainAndAgain(socket: Socket, files: number): Promise<void> {
  const request = await formRequest(files);
  socket.on("data", (piece) => {
    const status = /^HTTP\/1.1 (\d+)/.exec(piece.toString("latin1"))?.[1];
    if (status === undefined) return;
    statuses[status] = (statuses[status] ?? 0) + 1;
    socket.write(request);
  });
  socket.write(request);
}

function pipeline(socket: Socket): void {
  socket.resume();
  socket.write(`GET /api/model HTTP/1.1\r\n${host}\r\n\r\n`.repeat(1000));
}

/** One after another sends as much as it can for a second, and is cut off. */
async function leaveAgainAndAgain(): Promise<void> {
  console.log("ready");
  for (;;) {
    const socket = new WebSocket(`ws://${hostname}:${port}/api/live`);
    socket.on("error", () => undefined);
    socket.on("open", () => {
      socket.send(JSON.stringify({ sampleRate: 8000, format: "s16le" }));
      for (let i = 0; i < 768; i++) socket.send(Buffer.alloc(262_144));
    });
    await delay(1000);
    socket.terminate();
  }
}

function formRequest(files: number): Promise<Buffer> {
  request ??= makeFormRequest(files);
  return request;
}

async function makeFormRequest(files: number): Promise<Buffer> {
  const form = new FormData();
  for (let i = 0; i < files; i++) {
    const bytes = new Uint8Array(readFileSync(`${ROOT}fixtures/samples/${i % 10}.wav`));
    form.append("file", new Blob([bytes]), "digit.wav");
  }
  const body = new Response(form);
  const type = body.headers.get("content-type");
  const bytes = Buffer.from(await body.arrayBuffer());
  const head = `POST /api/classify HTTP/1.1\r\n${host}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}
