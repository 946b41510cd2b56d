// A worker thread that runs groups of steps. It shares the weights and its results with the main thread.

import { parentPort, workerData } from "node:worker_threads";
import * as ort from "onnxruntime-node";
import type { TrainingClips } from "./group-step.ts";
import { createGroupRunner } from "./group-step.ts";
import { createStreamGroupRunner } from "./stream/stream-group.ts";
import type { GroupRequest, GroupResponse, SharedClips, WorkerSetup } from "./worker-pool.ts";

const setup = workerData as WorkerSetup;
const data: TrainingClips = {
  clips: viewClips(setup.clips),
  labels: setup.labels,
  speakers: setup.speakers,
  otherWords: viewClips(setup.otherWords),
  prompts: viewClips(setup.prompts),
  voices: viewClips(setup.voices),
  fluent: viewClips(setup.fluent).map((samples, i) => ({ ...setup.fluentStretches[i]!, samples })),
  recordedNoise: viewClips(setup.recordedNoise),
  teacher: setup.teacher,
};
const { recipe } = setup;
const runner = await ("kind" in recipe
  ? createStreamGroupRunner(ort, recipe, data)
  : createGroupRunner(ort, recipe, data));
// The runtime does not take shared memory as input, so the weights are copied once a step.
const weights = new Float32Array(setup.weights.byteLength / Float32Array.BYTES_PER_ELEMENT);
let weightsOf = -1;

parentPort!.on("message", (request: GroupRequest) => void runGroup(request));
parentPort!.postMessage({ loss: 0 } satisfies GroupResponse);

async function runGroup({ step, group }: GroupRequest): Promise<void> {
  try {
    if (step !== weightsOf) weights.set(new Float32Array(setup.weights));
    weightsOf = step;
    const into = new Float32Array(setup.results[group]!);
    const loss = await runner.run({ step, group, weights, into });
    parentPort!.postMessage({ loss } satisfies GroupResponse);
  } catch (error) {
    parentPort!.postMessage({ loss: 0, error } satisfies GroupResponse);
  }
}

function viewClips({ samples, ends }: SharedClips): Float32Array[] {
  const all = new Float32Array(samples);
  return ends.map((end, i) => all.subarray(ends[i - 1] ?? 0, end));
}
