// The inference worker: everything that computes happens here.

import type { StreamModel } from "../../live/stream-model.ts";
import type { Classifier } from "../../model/classifier.ts";
import { ClipStore } from "./clip-store.ts";
import { asFailure } from "./failure.ts";
import type { LiveSession } from "./live-session.ts";
import { loadModel } from "./load-model.ts";
import { summarise } from "./model-summary.ts";
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

const tell = (event: EngineEvent) => self.postMessage(event);

const classifier = onceLoaded<Classifier>(loadModel);
const streamModel = onceLoaded<StreamModel>(async () => {
  await classifier();
  return (await import("./load-stream-model.ts")).loadStreamModel();
});

/** Loads at the first request; after a failure the next one tries again. */
function onceLoaded<Model>(load: () => Promise<Model>): () => Promise<Model> {
  let loading: Promise<Model> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

const handlers: Handlers = {
  load: async () => summarise(await classifier()),
  open: (bytes) => clips.open(bytes),
  reduceNoise: (clipId) => clips.reducedSound(clipId),
  findSpeech: (clipId) => clips.findSpeech(clipId),
  classify: async (selection) => {
    const { samples, sampleRate } = clips.select(selection);
    return (await classifier()).classify(samples, { sampleRate, logMel: true });
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
    await stopLive();
    const { LiveSession } = await import("./live-session.ts");
    const surroundings = { streamModel: await streamModel(), classifier: await classifier(), tell };
    live = new LiveSession(source, surroundings);
  },
  stopLive,
};

async function stopLive(): Promise<undefined> {
  await live?.stop();
  live = undefined;
}

self.addEventListener("message", ({ data }: MessageEvent<EngineRequest>) => {
  void answer(data).then((response) => self.postMessage(response));
});

async function answer({ id, call, argument }: EngineRequest): Promise<EngineResponse> {
  try {
    const handler = handlers[call] as (value: unknown) => unknown;
    return { kind: "result", id, result: await handler(argument) };
  } catch (error) {
    return { kind: "failure", id, failure: asFailure(error) };
  }
}
