import * as ort from "onnxruntime-node";
import { viewClips } from "../corpus/dataset.ts";
import { answerCalls } from "../workers/calls.ts";
import { threadPort } from "../workers/worker-thread.ts";
import { createGroupRunner } from "./group-step.ts";
import type { StepCalls, WorkerSetup } from "./worker-pool.ts";

type RunGroup = (request: { step: number; group: number }) => Promise<number>;
let runGroup: RunGroup;

answerCalls<StepCalls>(threadPort, {
  async load(setup) {
    runGroup = await createRunner(setup);
    return undefined;
  },
  runGroup: (request) => runGroup(request),
});

async function createRunner({ recipe, clips, teacher, ...shared }: WorkerSetup): Promise<RunGroup> {
  const runner = await createGroupRunner(ort, recipe, { clips: viewClips(clips), teacher });
  // The runtime does not take shared memory as input, so the weights are copied once a step.
  const weights = new Float32Array(shared.weights.byteLength / Float32Array.BYTES_PER_ELEMENT);
  let weightsOf = -1;
  return ({ step, group }) => {
    if (step !== weightsOf) weights.set(new Float32Array(shared.weights));
    weightsOf = step;
    return runner.run({ step, group, weights, into: new Float32Array(shared.results[group]!) });
  };
}
