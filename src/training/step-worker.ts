// A worker thread that runs groups of steps. It shares the weights and its results with the main thread.

import { parentPort, workerData } from "node:worker_threads";
import * as ort from "onnxruntime-node";
import { createGroupRunner } from "./group-step.ts";
import { viewClips } from "./shared-clips.ts";
import type { GroupRequest, GroupResponse, WorkerSetup } from "./worker-pool.ts";

const setup = workerData as WorkerSetup;
const { recipe, clips, teacher } = setup;
const runner = await createGroupRunner(ort, recipe, { clips: viewClips(clips), teacher });
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
