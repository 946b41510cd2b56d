// A worker thread that runs groups of steps. It shares the weights and its results with the main thread.

import * as ort from "onnxruntime-node";
import { answerCalls } from "../workers/calls.ts";
import { threadPort } from "../workers/worker-thread.ts";
import type { TrainingClips } from "./group-step.ts";
import { createGroupRunner } from "./group-step.ts";
import { createStreamGroupRunner } from "./stream/stream-group.ts";
import type { SharedClips, StepCalls, WorkerSetup } from "./worker-pool.ts";

type RunGroup = (request: { step: number; group: number }) => Promise<number>;
let runGroup: RunGroup;

answerCalls<StepCalls>(threadPort, {
  async load(setup) {
    runGroup = await createRunner(setup);
    return undefined;
  },
  runGroup: (request) => runGroup(request),
});

async function createRunner(setup: WorkerSetup): Promise<RunGroup> {
  const { recipe } = setup;
  const data = clipsOf(setup);
  const runner = await ("kind" in recipe
    ? createStreamGroupRunner(ort, recipe, data)
    : createGroupRunner(ort, recipe, data));
  // The runtime does not take shared memory as input, so the weights are copied once a step.
  const weights = new Float32Array(setup.weights.byteLength / Float32Array.BYTES_PER_ELEMENT);
  let weightsOf = -1;
  return ({ step, group }) => {
    if (step !== weightsOf) weights.set(new Float32Array(setup.weights));
    weightsOf = step;
    return runner.run({ step, group, weights, into: new Float32Array(setup.results[group]!) });
  };
}

function clipsOf(setup: WorkerSetup): TrainingClips {
  return {
    clips: viewClips(setup.clips),
    labels: setup.labels,
    speakers: setup.speakers,
    otherWords: viewClips(setup.otherWords),
    prompts: viewClips(setup.prompts),
    voices: viewClips(setup.voices),
    recordedNoise: viewClips(setup.recordedNoise),
    teacher: setup.teacher,
  };
}

function viewClips({ samples, ends }: SharedClips): Float32Array[] {
  const all = new Float32Array(samples);
  return ends.map((end, i) => all.subarray(ends[i - 1] ?? 0, end));
}
