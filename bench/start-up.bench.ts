import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { quantile } from "./measure.ts";
import type { Result } from "./result.ts";
import { ROOT } from "./sample-clips.ts";

const RUNS = 11;

/** What a whole process comes to. */
type ProcessRun = { wallMs: number; cpuMs: number; residentMb: number };

const PREDICT = [`${ROOT}dist/cli.js`, "predict", `${ROOT}fixtures/samples/7.wav`];

const COMMANDS = {
  "predict, one file": PREDICT,
  "predict, one file, standard": [...PREDICT, "--model", "standard"],
  "an empty Node.js program": ["--eval", "0"],
};

/** Time and memory of `predict` as a process, beside a program that does nothing; and the size of the models. */
export async function benchStartUp(): Promise<Result[]> {
  const runs = new Map<string, ProcessRun[]>(Object.keys(COMMANDS).map((name) => [name, []]));
  for (let i = 0; i < RUNS; i++) {
    for (const [name, args] of Object.entries(COMMANDS)) runs.get(name)!.push(await runProcess(args));
  }
  const results = [...runs].flatMap(([name, all]) => resultsOf(name, all));
  const targets: Record<string, Result["target"]> = {
    "process: predict, one file": { atMost: 500 },
    "resident: predict, one file": { atMost: 110 },
  };
  return [
    ...results.map((result) => ({ ...result, target: targets[result.name] })),
    { ...(await fileSize("compact")), target: { atMost: 1 } },
    await fileSize("standard"),
  ];
}

function resultsOf(name: string, runs: readonly ProcessRun[]): Result[] {
  const [wallMs, cpuMs, residentMb] = (["wallMs", "cpuMs", "residentMb"] as const).map((key) =>
    runs.map((run) => run[key]),
  ) as [number[], number[], number[]];
  const middleAndP95 = (values: number[]) => ({ value: quantile(values, 0.5), p95: quantile(values, 0.95) });
  return [
    { name: `process: ${name}`, unit: "ms", ...middleAndP95(wallMs), cpuMs: quantile(cpuMs, 0.5) },
    { name: `resident: ${name}`, unit: "MB", ...middleAndP95(residentMb) },
  ];
}

async function runProcess(args: readonly string[]): Promise<ProcessRun> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", `${ROOT}bench/report-usage.js`, ...args], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const usage = text(child.stdio[3] as Readable);
  const [exitCode] = await once(child, "exit");
  const wallMs = performance.now() - start;
  if (exitCode !== 0) throw new Error(`bench: node ${args.join(" ")} ended with ${exitCode}`);
  return { wallMs, ...JSON.parse(await usage) };
}

async function fileSize(model: string): Promise<Result> {
  const { size } = await stat(`${ROOT}models/${model}.onnx`);
  return { name: `models/${model}.onnx`, value: size / 1e6, unit: "MB" };
}
