// npm run bench:forms [-- --seconds N --clients N --answer-timeout MS --cli FILE]: a server that cannot answer in time. Each
// client sends forms of 16 valid recordings, one after another; at the end comes SIGTERM, with the clients still at it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { quantile } from "../measure.ts";
import { ROOT } from "../sample-clips.ts";

const FILES = 16;
const BOUNDARY = "recordings";
const HEALTH_INTERVAL_MS = 250;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "120" },
    clients: { type: "string", default: "90" },
    "answer-timeout": { type: "string", default: "100" },
    cli: { type: "string", default: `${ROOT}dist/cli.js` },
  },
});
const seconds = Math.min(600, Number(values.seconds));

const child = spawn(process.execPath, [values.cli, "serve", "--port", "0", "--site", "none"], {
  env: { ...process.env, SPOKEN_DIGITS_ANSWER_TIMEOUT_MS: values["answer-timeout"] },
  stdio: ["ignore", "pipe", "pipe"],
});
const ended = once(child, "exit");
const log: string[] = [];
createInterface(child.stderr).on("line", (line) => log.push(line));
const url = await addressOf();

const statuses = new Map<number, number>();
const health: number[] = [];
const memory: number[] = [];
const load = autocannon(
  {
    url: `${url}api/classify`,
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
    body: form(),
    connections: Math.min(256, Number(values.clients)),
    duration: seconds + 5,
  },
  () => undefined,
);
load.on("response", (_client, status) => statuses.set(status, (statuses.get(status) ?? 0) + 1));
const stopAt = performance.now() + 1000 * seconds;
while (performance.now() < stopAt && child.exitCode === null) {
  health.push(await timeOfHealth());
  memory.push(memoryOfTree(child.pid!));
  await delay(HEALTH_INTERVAL_MS);
}
const wasAlive = child.exitCode === null;
child.kill("SIGTERM");
const [exitCode, signal] = await ended;
load.stop?.();

const fifth = Math.floor(memory.length / 5);
const parts = [0, 1, 2, 3, 4].map((i) => quantile(memory.slice(i * fifth, (i + 1) * fifth), 0.5).toFixed(0));
console.log(
  `alive after ${seconds} s: ${wasAlive}; SIGTERM with the clients at it: exit ${exitCode ?? signal}`,
);
console.log(`answers by status: ${[...statuses].map(([status, n]) => `${status}: ${n}`).join(", ")}`);
console.log(
  `/healthz: half within ${quantile(health, 0.5).toFixed(0)} ms, all within ${Math.max(...health).toFixed(0)} ms`,
);
console.log(`memory of all processes (PSS), middle of each fifth: ${parts.join(", ")} MB`);
const replaced = log.filter((line) => line.includes("is replaced"));
console.log(`processes replaced: ${replaced.length}; last line of the log: ${log.at(-1)?.slice(0, 200)}`);

async function addressOf(): Promise<string> {
  for await (const line of createInterface(child.stdout)) {
    const found = /is at (http:\S+)/.exec(line)?.[1];
    if (found) return found.replace("localhost", "127.0.0.1");
  }
  throw new Error("bench: the server did not start");
}

async function timeOfHealth(): Promise<number> {
  const start = performance.now();
  await fetch(`${url}healthz`).catch(() => undefined);
  return performance.now() - start;
}

function form(): Buffer {
  const parts = Array.from({ length: FILES }, (_, i) => [
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="${i}.wav"\r\n\r\n`),
    readFileSync(`${ROOT}fixtures/samples/${i % 10}.wav`),
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...parts.flat(), Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** Proportional memory of a process and its children, in MB; Linux alone tells. */
function memoryOfTree(pid: number): number {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid);
  return [String(pid), ...children].reduce((sum, id) => sum + pssOf(id), 0);
}

function parentOf(pid: string): number | undefined {
  const status = readProc(`/proc/${pid}/status`);
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
}

function pssOf(pid: number | string): number {
  return (Number(/^Pss:\s*(\d+)/m.exec(readProc(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024) / 1e6;
}

function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}
