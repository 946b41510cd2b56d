// A process that works on the recordings of one request after another.

import { answerCalls } from "../workers/calls.ts";
import { processPort } from "../workers/worker-process.ts";
import { createRecordingWork, type RecordingWork } from "./recording-work.ts";
import type { ClassifierCalls, Outcome } from "./worker-protocol.ts";

let work: RecordingWork;

answerCalls<ClassifierCalls>(
  processPort,
  {
    async load(setup) {
      work = await createRecordingWork(setup);
      return work.info;
    },
    async classify({ recordings, ...request }, { signal }) {
      const outcomes: Outcome[] = [];
      for (const bytes of recordings) {
        signal.throwIfAborted();
        outcomes.push(await work.outcomeOf(bytes, request));
      }
      return outcomes;
    },
  },
  { oneByOne: true },
);
