// npm run bench:batch [-- --count N --memory N --rounds N]: batches on this machine, by one process and by two workers of a
// queue with a Redis of their own, in turn; and what one holds in memory for few and for many recordings.

import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { startRedis } from "../test/support/redis-server.ts";
import { describeMachine } from "./machine.ts";
import { quantile } from "./measure.ts";
import { formatResults, type Result } from "./result.ts";
import { ROOT } from "./sample-clips.ts";
import { measureMemory, processorMs } from "./server/process-memory.ts";

/** What the recordings are copies of: ten digits of 0.4 to 0.8 s, and a sentence of 0.5 s. */
const ORIGINALS = {
  WAV: Array.from({ length: 10 }, (_, digit) => `${ROOT}fixtures/samples/${digit}.wav`),
  MP3: [`${ROOT}fixtures/audio/mono-44100.mp3`],
};

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "2000" },
    memory: { type: "string", default: "20000" },
    rounds: { type: "string", default: "3" },
  },
});
const [count, many, rounds] = [Number(values.count), Number(values.memory), Number(values.rounds)];
const folder = mkdtempSync(join(tmpdir(), "spoken-digits-bench-"));

console.log(`${Object.values(describeMachine()).join(", ")}\n`);
const redis = await startRedis();
const workers = [1, 2].map(() => startCli(["work", "--queue", redis.url, "--workers", "1"]));
try {
  for (const format of ["WAV", "MP3"] as const) report(`${count} ${format} files`, await compare(format));
  report("memory of all processes (PSS), peak", [await memoryOf(1000), await memoryOf(many)]);
} finally {
  for (const worker of workers) worker.kill("SIGKILL");
  await redis.stop();
  rmSync(folder, { recursive: true });
}

async function compare(format: keyof typeof ORIGINALS): Promise<Result[]> {
  const source = makeFiles(format, count);
  const queue = ["--queue", redis.url];
  await runBatch(source, queue); // The workers load their model.
  const runs = { one: [] as Run[], queued: [] as Run[] };
  for (let round = 0; round < rounds; round++) {
    runs.one.push(await runBatch(source, ["--workers", "2"]));
    runs.queued.push(await runBatch(source, queue));
  }
  const result = (name: string, found: Run[]): Result => ({
    name,
    value: medianOf(found.map(({ rate }) => rate)),
    unit: "clips/s",
    cpuMs: medianOf(found.map(({ cpuMs }) => cpuMs)) / count,
  });
  const losses = runs.one.map(({ rate }, round) => 100 * (1 - runs.queued[round]!.rate / rate));
  return [
    result("one process", runs.one),
    result("two workers of a queue", runs.queued),
    { name: "what the queue costs", value: medianOf(losses), unit: "%", target: { atMost: 10 } },
  ];
}

async function memoryOf(files: number): Promise<Result> {
  const { peakMb } = await runBatch(makeFiles("WAV", files), []);
  return { name: `${files} recordings`, value: peakMb, unit: "MB" };
}

function makeFiles(format: keyof typeof ORIGINALS, files: number): string {
  const below = join(folder, `${format}-${files}`);
  mkdirSync(below, { recursive: true });
  const originals = ORIGINALS[format];
  for (let i = 0; i < files; i++) {
    copyFileSync(originals[i % originals.length]!, join(below, `${i}.${format.toLowerCase()}`));
  }
  return below;
}

/** One batch: its own figure without the start, processor time with its workers, memory of its own processes. */
type Run = { rate: number; cpuMs: number; peakMb: number };

async function runBatch(source: string, args: readonly string[]): Promise<Run> {
  const before = workerMs();
  const child = startCli(["batch", source, "--out", join(folder, "out.jsonl"), "--overwrite", ...args]);
  const memory = measureMemory(child.pid!);
  let ownMs = 0;
  const timer = setInterval(() => {
    ownMs = Math.max(ownMs, processorMs(child.pid!));
  }, 200);
  const said = await text(child.stdout!);
  clearInterval(timer);
  const { peakMb } = memory.stop();
  const rate = Number(/([\d.]+) \/s/.exec(said)?.[1]);
  if (!(rate > 0)) throw new Error(`bench:batch: the batch failed: ${said}`);
  return { rate, cpuMs: ownMs + workerMs() - before, peakMb };
}

function workerMs(): number {
  return workers.reduce((sum, { pid }) => sum + processorMs(pid!), 0);
}

function startCli(args: readonly string[]) {
  return spawn(process.execPath, [`${ROOT}dist/cli.js`, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

function medianOf(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

function report(title: string, results: readonly Result[]): void {
  console.log(`${title}\n${formatResults(results)}\n`);
}
