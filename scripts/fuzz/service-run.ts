// npm run fuzz -- --service: damaged files, hostile ones and valid ones through a running service, by HTTP and by WebSocket.
// It ends by itself, with a table of what came of each and of the memory of all the service's processes.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { measureMemory } from "../../bench/server/process-memory.ts";
import { startServerProcess } from "../../bench/server/server-process.ts";
import { formatTable } from "../../src/evaluation/text-table.ts";
import { createRandom, type Random } from "../../src/random.ts";
import { hostileFiles } from "../../test/support/hostile-files.ts";
import { mutate } from "./mutate.ts";

/** What is sent. */
export type ServiceRunOptions = {
  corpus: readonly Uint8Array[];
  seed: number;
  from: number;
  /** It goes on until this many inputs and so many minutes are over. */
  count: number;
  minutes: number;
  /** A folder of files that are sent in between. */
  hostile: string;
  /** Told of a fault, with the input. */
  onFault: (fault: string, index: number, bytes: Uint8Array) => void;
};

/** Inputs under way at once. */
const LANES = 6;

/** Every so many inputs one is hostile. */
const HOSTILE_EVERY = 20;

/** Within this each has to have its answer, in ms. */
const MAX_MS = 5000;

/** What has no answer by then has none, in ms: twice the time that the service gives itself. */
const GIVE_UP_MS = 20_000;

/** Bounds of memory, in MB: of all processes together, and what one may take above its rest. */
const MAX_TREE_MB = 600;
const MAX_EXTRA_MB = 300;

type Route = { name: string; send: (url: string, bytes: Uint8Array, random: Random) => Promise<string> };

const ROUTES: readonly Route[] = [
  { name: "classify", send: (url, bytes) => post(`${url}api/classify?denoise=true`, bytes) },
  { name: "transcribe", send: (url, bytes) => post(`${url}api/transcribe?expect=digits`, bytes) },
  { name: "form of 3", send: (url, bytes) => post(`${url}api/classify`, bytes, 3) },
  { name: "classify", send: (url, bytes) => post(`${url}api/classify`, bytes) },
  { name: "live", send: talk },
];

/**
 * Runs all of it.
 *
 * @param options See {@link ServiceRunOptions}.
 * @returns Whether all bounds were kept.
 */
export async function fuzzService(options: ServiceRunOptions): Promise<boolean> {
  const { seed, from, count, minutes, corpus, onFault } = options;
  const server = await startServerProcess();
  const hostile = [...Object.values(hostileFiles()), ...filesOf(options.hostile)];
  const inputs = new Map<string, Tally>();
  const valid: Tally = { outcomes: new Map(), times: [] };
  // Other programs may keep the machine busy: what took too long is asked again when nothing else is.
  const late: { report: (fault: string) => void; send: () => Promise<string> }[] = [];
  const alone: Tally = { outcomes: new Map(), times: [] };
  const memory = measureMemory(server.pid);
  const endsAt = performance.now() + 60_000 * minutes;
  let [next, faults, isOver] = [from, 0, false];
  const work = async () => {
    while ((next < from + count || performance.now() < endsAt) && server.exit() === undefined) {
      const index = next++;
      const random = createRandom(seed, index);
      const isHostile = index % HOSTILE_EVERY === 0;
      const bytes = isHostile ? hostile[random.integer(0, hostile.length)]! : mutate(corpus, random);
      const route = ROUTES[random.integer(0, ROUTES.length)]!;
      const tally = tallyOf(inputs, `${route.name}, ${isHostile ? "hostile" : "damaged"}`);
      const { outcome, ms } = await timed(tally, () => route.send(server.url, bytes, random));
      const report = (fault: string) => {
        faults += 1;
        onFault(`${route.name}: ${fault}`, index, bytes);
      };
      if (isFault(outcome)) report(outcome);
      else if (ms > MAX_MS) late.push({ report, send: () => route.send(server.url, bytes, random) });
    }
  };
  const beside = async () => {
    for (let i = 0; !isOver; i++, await delay(100)) {
      const { outcome } = await timed(valid, () => askRightly(server.url, i % 10));
      if (!isFault(outcome)) continue;
      console.log(`valid request ${i}: ${outcome}`);
      faults += 1;
    }
  };
  const both = beside();
  await Promise.all(Array.from({ length: LANES }, work));
  isOver = true;
  await both;
  for (const { report, send } of late) {
    const { outcome, ms } = await timed(alone, send);
    if (isFault(outcome) || ms > MAX_MS) report(`${outcome}, after ${(ms / 1000).toFixed(1)} s, alone`);
  }
  const exit = server.exit() ?? (await server.stop().then(() => "0, after SIGTERM", String));
  const figures = memory.stop();
  for (const line of new Set(server.log.filter((text) => /"level":[56]0/.test(text)).map(faultOf)))
    console.log(line);
  console.log(
    tableOf([...[...inputs].sort(), ["valid, beside them", valid], ["those later than 5 s, alone", alone]]),
  );
  console.log(`${next - from} inputs of seed ${seed}, ${faults} faults; the service's exit code: ${exit}`);
  console.log(
    `memory of all processes (PSS), median of each minute: ${figures.byMinute.map((mb) => mb.toFixed(0)).join(", ")} MB;` +
      ` peak ${figures.peakMb.toFixed(0)} MB; peak of one process above its rest ${figures.extraMb.toFixed(0)} MB`,
  );
  return (
    faults === 0 && figures.peakMb < MAX_TREE_MB && figures.extraMb < MAX_EXTRA_MB && exit.startsWith("0")
  );
}

type Tally = { outcomes: Map<string, number>; times: number[] };

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  const tally = tallies.get(name) ?? { outcomes: new Map<string, number>(), times: [] };
  tallies.set(name, tally);
  return tally;
}

async function timed(tally: Tally, send: () => Promise<string>): Promise<{ outcome: string; ms: number }> {
  const start = performance.now();
  const outcome = await send().catch((error: Error) => `broken: ${error.message}`);
  const ms = performance.now() - start;
  tally.times.push(ms);
  const kind = outcome.split(":")[0]!;
  tally.outcomes.set(kind, (tally.outcomes.get(kind) ?? 0) + 1);
  return { outcome, ms };
}

/** What must not be: no answer, a wrong one, or a fault of the service's own. */
function isFault(outcome: string): boolean {
  return /^(500|4500|1006|broken|wrong)/.test(outcome);
}

async function post(url: string, bytes: Uint8Array, files?: number): Promise<string> {
  const blob = new Blob([Uint8Array.from(bytes)]);
  const form = new FormData();
  for (let i = 0; i < (files ?? 0); i++) form.append("file", blob, "a");
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  const response = await fetch(url, { method: "POST", body: files ? form : blob, signal });
  const text = await response.text();
  return response.status === 500 ? `500: ${text.slice(0, 200)}` : String(response.status);
}

/** A live session in which anything may be damaged: its first message, its audio, its end. */
function talk(url: string, bytes: Uint8Array, random: Random): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}api/live`);
    const timer = setTimeout(() => socket.terminate(), GIVE_UP_MS);
    socket.on("open", () => {
      const format = random.chance(0.5) ? "f32le" : "s16le";
      const sampleRate = random.chance(0.1) ? random.integer(-1, 300_000) : 8000;
      socket.send(
        random.chance(0.1) ? bytes.slice(0, 200) : JSON.stringify({ sampleRate, format, tentative: true }),
      );
      for (let at = 0; at < Math.min(bytes.length, 40_000); at += 4000) {
        socket.send(bytes.slice(at, random.chance(0.95) ? at + 4000 : at + random.integer(0, 4000)));
      }
      socket.send(random.chance(0.05) ? '{"end":' : '{"end":true}');
    });
    socket.on("error", reject);
    socket.on("close", (code) => {
      clearTimeout(timer);
      resolve(String(code));
    });
  });
}

/** A bundled recording, asked again where the service is busy. */
async function askRightly(url: string, digit: number): Promise<string> {
  const body = new Blob([
    new Uint8Array(readFileSync(join(import.meta.dirname, `../../fixtures/samples/${digit}.wav`))),
  ]);
  for (;;) {
    const response = await fetch(`${url}api/classify`, {
      method: "POST",
      body,
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    const prediction = (await response.json()) as { digit?: number };
    if (response.status === 200)
      return prediction.digit === digit ? "right" : `wrong: ${JSON.stringify(prediction)}`;
    if (response.status !== 503) return `wrong: ${response.status}`;
    await delay(100);
  }
}

/** What a line of the log says went wrong, without times and numbers. */
function faultOf(line: string): string {
  const { msg, err } = JSON.parse(line) as { msg: string; err?: { message: string; stack: string } };
  return `the service's log: ${msg}${err ? `: ${err.stack}` : ""}`;
}

function filesOf(folder: string): Uint8Array[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => !/\.(md|bin)$/.test(name));
  return names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

function tableOf(tallies: readonly (readonly [string, Tally])[]): string {
  const rows = tallies.map(([name, { outcomes, times }]) => {
    const sorted = times.toSorted((a, b) => a - b);
    const counts = [...outcomes].sort((a, b) => b[1] - a[1]).map(([outcome, n]) => `${outcome}: ${n}`);
    const ms = (share: number) => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(0);
    return [name, String(times.length), ms(0.5), ms(0.99), ms(1), counts.join(", ")];
  });
  const heading = ["input", "sent", "p50 ms", "p99 ms", "max ms", "status or close code"];
  return formatTable([heading, ...rows], ["left", "right", "right", "right", "right", "left"]);
}
