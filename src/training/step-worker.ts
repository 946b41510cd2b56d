// A worker thread that runs groups of each step. It shares the weights and its results with the main thread.

import { parentPort, workerData } from "node:worker_threads";
import * as ort from "onnxruntime-node";
import { createGroupRunner } from "./group-step.ts";
import type { SharedClips, StepRequest, StepResponse, WorkerSetup } from "./worker-pool.ts";

const setup = workerData as WorkerSetup;
const runner = await createGroupRunner(ort, setup.recipe, {
  clips: viewClips(setup.clips),
  labels: setup.labels,
  otherWords: viewClips(setup.otherWords),
  recordedNoise: viewClips(setup.recordedNoise),
});
// The runtime does not take shared memory as input, so the weights are copied once a step.
const weights = new Float32Array(setup.weights.byteLength / Float32Array.BYTES_PER_ELEMENT);

parentPort!.on("message", ({ step, groups }: StepRequest) => void runGroups(step, groups));
parentPort!.postMessage({ losses: [] } satisfies StepResponse);

async function runGroups(step: number, groups: readonly number[]): Promise<void> {
  try {
    weights.set(new Float32Array(setup.weights));
    const losses: [number, number][] = [];
    for (const group of groups) {
      const into = new Float32Array(setup.results[group]!);
      losses.push([group, await runner.run({ step, group, weights, into })]);
    }
    parentPort!.postMessage({ losses } satisfies StepResponse);
  } catch (error) {
    parentPort!.postMessage({ losses: [], error } satisfies StepResponse);
  }
}

function viewClips({ samples, ends }: SharedClips): Float32Array[] {
  const all = new Float32Array(samples);
  return ends.map((end, i) => all.subarray(ends[i - 1] ?? 0, end));
}
