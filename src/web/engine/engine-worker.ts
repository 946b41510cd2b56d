// The inference worker: everything that computes happens here.

import { SpokenDigitsError } from "../../errors.ts";
import type { Classifier } from "../../model/classifier.ts";
import { ClipStore } from "./clip-store.ts";
import { LiveSession } from "./live-session.ts";
import { loadModel, summarise } from "./load-model.ts";
import type { EngineCall, EngineCalls, EngineEvent, EngineRequest, EngineResponse } from "./protocol.ts";
import { RecordingSession } from "./recording-session.ts";

type Handlers = {
  [Call in EngineCall]: (
    argument: EngineCalls[Call]["argument"],
  ) => EngineCalls[Call]["result"] | Promise<EngineCalls[Call]["result"]>;
};

const clips = new ClipStore();
let recording: RecordingSession | undefined;
let live: LiveSession | undefined;
let loading: Promise<Classifier> | undefined;

const tell = (event: EngineEvent) => self.postMessage(event);

function classifier(): Promise<Classifier> {
  loading ??= loadModel().catch((error: unknown) => {
    loading = undefined; // the next request tries again
    throw error;
  });
  return loading;
}

const handlers: Handlers = {
  load: async () => summarise(await classifier()),
  open: (bytes) => clips.open(bytes),
  reduceNoise: (clipId) => clips.reducedSound(clipId),
  findSpeech: (clipId) => clips.findSpeech(clipId),
  classify: async (selection) => {
    const { samples, sampleRate } = clips.select(selection);
    return (await classifier()).classify(samples, { sampleRate });
  },
  excerpt: (selection) => clips.excerpt(selection),
  startRecording: (source) => {
    recording?.stop();
    recording = new RecordingSession(source, tell);
  },
  finishRecording: () => {
    const clip = recording!.stop();
    recording = undefined;
    return clips.add(clip);
  },
  startLive: async (source) => {
    live?.stop();
    live = new LiveSession(source, { classifier: await classifier(), tell });
  },
  stopLive: () => {
    live?.stop();
    live = undefined;
  },
};

self.addEventListener("message", ({ data }: MessageEvent<EngineRequest>) => {
  void answer(data).then((response) => self.postMessage(response));
});

async function answer({ id, call, argument }: EngineRequest): Promise<EngineResponse> {
  try {
    const handler = handlers[call] as (value: unknown) => unknown;
    return { kind: "result", id, result: await handler(argument) };
  } catch (error) {
    const code = error instanceof SpokenDigitsError ? error.code : null;
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failure", id, failure: { code, message } };
  }
}
