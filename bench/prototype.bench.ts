// The Python prototype beside this package, in rounds that take turns.

import { spawnSync } from "node:child_process";
import { createFileClassifier } from "../src/cli/file-models.ts";
import { quantile, timeCalls } from "./measure.ts";
import type { Result } from "./result.ts";
import { ROOT, readSampleClips } from "./sample-clips.ts";

const ROUNDS = 5;
const PYTHON = "/usr/bin/python3";
const SAMPLES = Array.from({ length: 10 }, (_, digit) => `${ROOT}fixtures/samples/${digit}.wav`);

/**
 * From the bytes of a WAV to the answer, on one thread: by the prototype's steps in Python, and by `compact`.
 *
 * @returns No line where Python, PyTorch or SciPy is not installed.
 */
export async function benchPrototype(): Promise<Result[]> {
  if (spawnSync(PYTHON, ["-c", "import torch, scipy"]).status !== 0) return [];
  const files = (await readSampleClips()).map(({ bytes }) => bytes);
  const classifier = await createFileClassifier({ model: "compact", trim: true });
  const [theirs, ours]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const { stdout } = spawnSync(PYTHON, [`${ROOT}bench/prototype.py`, ...SAMPLES], { encoding: "utf8" });
    theirs.push((JSON.parse(stdout) as { cpuMs: number }).cpuMs);
    const { cpuMs } = await timeCalls((i) => classifier.hear(files[i % files.length]!), {
      durationMs: 500,
    });
    ours.push(cpuMs);
  }
  await classifier.release();
  const [slow, fast] = [quantile(theirs, 0.5), quantile(ours, 0.5)];
  const name = (whose: string) => `${whose}: WAV to answer, processor time`;
  return [
    { name: name("the Python prototype's steps"), value: slow, unit: "ms" },
    { name: name("compact"), value: fast, unit: "ms" },
    { name: "the first over the second", value: slow / fast, unit: "times", target: { atLeast: 25 } },
  ];
}
