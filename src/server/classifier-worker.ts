// A process that works on the recordings of one request after another. The stream model follows with the first recording that
// needs it.

import { SpokenDigitsError } from "../errors.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { loadClassifier, loadStreamModel } from "../load-models.ts";
import type { Classifier } from "../model/classifier.ts";
import { loadOnce } from "../model/model-file.ts";
import { classifyBytes, transcribeBytes } from "../recordings/recordings.ts";
import { answerCalls } from "../workers/calls.ts";
import { processPort } from "../workers/worker-process.ts";
import { errorBody } from "./error-reply.ts";
import {
  type ClassifierCalls,
  type Outcome,
  SERVICE_SESSION,
  type WorkerRequest,
} from "./worker-protocol.ts";

type Models = {
  classifier: Classifier;
  loadStreamModel: () => Promise<StreamModel>;
  maxDurationMs?: number;
};

let models: Models;

answerCalls<ClassifierCalls>(
  processPort,
  {
    async load({ maxDurationMs, ...setup }) {
      const classifier = await loadClassifier({ ...setup, threads: 1, sessionOptions: SERVICE_SESSION });
      const streamModel = loadOnce(() => loadStreamModel({ sessionOptions: SERVICE_SESSION }));
      models = { classifier, loadStreamModel: streamModel, maxDurationMs };
      return classifier.info;
    },
    async classify({ recordings, ...request }, { signal }) {
      const outcomes: Outcome[] = [];
      for (const bytes of recordings) {
        signal.throwIfAborted();
        outcomes.push(await outcomeOf(new Uint8Array(bytes), request));
      }
      return outcomes;
    },
  },
  { oneByOne: true },
);

type Request = Omit<WorkerRequest, "recordings">;

/** @throws What is no fault of the recording's. */
async function outcomeOf(recording: Uint8Array, request: Request): Promise<Outcome> {
  try {
    return await (request.transcribe ? hear(recording, request) : classify(recording, request));
  } catch (error) {
    if (!(error instanceof SpokenDigitsError)) throw error;
    return { error: errorBody(error) };
  }
}

async function classify(recording: Uint8Array, { options, voice }: Request): Promise<Outcome> {
  const { classifier, ...others } = models;
  return {
    answer: await classifyBytes(classifier.withVoice(voice ?? null), recording, { ...options, ...others }),
  };
}

async function hear(recording: Uint8Array, { transcribe, voice }: Request): Promise<Outcome> {
  const start = performance.now();
  const model = (await models.loadStreamModel()).withVoice(voice ?? null);
  const { maxDurationMs } = models;
  const transcript = await transcribeBytes(model, recording, { ...transcribe, maxDurationMs });
  return { transcript: { ...transcript, ms: performance.now() - start } };
}
