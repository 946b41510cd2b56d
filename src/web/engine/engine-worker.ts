// The inference worker: everything that computes happens here.

import type { AudioClip } from "../../audio/audio-clip.ts";
import { decodeAudio } from "../../audio/decode-audio.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import type { Classifier } from "../../model/classifier.ts";
import { loadOnce } from "../../model/model-file.ts";
import { answerCalls, type CallHandlers, type CallMessage } from "../../workers/calls.ts";
import { ClipStore, MAX_DURATION_MS } from "./clip-store.ts";
import type { LiveSession } from "./live-session.ts";
import { loadModel } from "./load-model.ts";
import { summarise } from "./model-summary.ts";
import { levelOf } from "./peaks.ts";
import type { CaptureSource, EngineCalls, EngineEvent } from "./protocol.ts";
import type { Teaching } from "./teaching.ts";
import type { ListeningOptions, Utterance } from "./utterance.ts";

const clips = new ClipStore();
let recording: RecordingSession | undefined;
let live: LiveSession | undefined;
let teaching: Teaching | undefined;

const tell = (event: EngineEvent) => self.postMessage({ id: 0, event });

const classifier = loadOnce<Classifier>(() => loadModel(tellLoaded));
let loadedStreamModel: StreamModel | undefined;
const streamModel = loadOnce<StreamModel>(async () => {
  await classifier();
  const { loadStreamModel } = await import("./load-stream-model.ts");
  loadedStreamModel = await loadStreamModel((bytes) => tellLoaded(FIRST_LOAD_BYTES + bytes));
  return loadedStreamModel;
});

function tellLoaded(loadedBytes: number): void {
  tell({ kind: "loading", loadedBytes, totalBytes: Math.max(FIRST_LOAD_BYTES, loadedBytes) });
}

/** What was said in a clip. `check` throws where nobody wants to know any more. */
async function heardIn(
  clip: AudioClip,
  listeningOptions: ListeningOptions,
  check: () => void = () => undefined,
): Promise<Utterance> {
  const { recognise } = await import("./recognise.ts");
  return recognise(clip, {
    classifier: (await classifier()).withVoice(listeningOptions.voice),
    streamModel: () => {
      const model = loadedStreamModel ?? streamModel();
      return model instanceof Promise
        ? model.then((loaded) => ofSpeaker(loaded, listeningOptions))
        : ofSpeaker(model, listeningOptions);
    },
    onProgress: async (doneMs, totalMs) => {
      tell({ kind: "progress", doneMs, totalMs });
      await letMessagesIn();
      check();
    },
    listeningOptions,
  });
}

let letInAt = 0;

/** What computes one step after another, each at once, leaves the page's next wish unheard until its end. */
async function letMessagesIn(): Promise<void> {
  if (performance.now() - letInAt < 100) return;
  await new Promise((resolve) => setTimeout(resolve));
  letInAt = performance.now();
}

/** By the voice in use. One that was taught to an earlier stream model is for single digits alone. */
function ofSpeaker(model: StreamModel, { voice }: ListeningOptions): StreamModel {
  return voice?.stream?.model === model.checksum ? model.withVoice(voice) : model;
}

const handlers: CallHandlers<EngineCalls> = {
  load: async () => summarise(await classifier()),
  loadNumbers: async () => void (await streamModel()),
  open: (bytes) => clips.open(bytes),
  reduceNoise: (clipId) => clips.reducedSound(clipId),
  findSpeech: (clipId) => clips.findSpeech(clipId),
  classify: async ({ selection, voice }) => {
    const { samples, sampleRate } = clips.select(selection);
    return (await classifier()).withVoice(voice).classify(samples, { sampleRate, logMel: true });
  },
  recognise: ({ selection, listeningOptions }) =>
    heardIn(clips.select(selection), listeningOptions, () => clips.select(selection)),
  recogniseFile: async ({ bytes, listeningOptions }) => {
    const clip = await decodeAudio(bytes, { maxDurationMs: MAX_DURATION_MS });
    const durationMs = (1000 * clip.samples.length) / clip.sampleRate;
    return { utterance: await heardIn(clip, listeningOptions), durationMs };
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
  startLive: async ({ source, listeningOptions }) => {
    await stopLive();
    clips.clear();
    const { LiveSession } = await import("./live-session.ts");
    const ownClassifier = (await classifier()).withVoice(listeningOptions.voice);
    const surroundings = {
      streamModel: ofSpeaker(await streamModel(), listeningOptions),
      classifier: ownClassifier,
      listeningOptions,
      tell,
    };
    live = new LiveSession(source, surroundings);
  },
  stopLive: async () => {
    const session = await stopLive();
    if (!session || session.sound.clip.samples.length === 0) return null;
    const { clip, offsetMs } = session.sound;
    return { opened: clips.add(clip), offsetMs };
  },
  startTeaching: async (source) => {
    recording?.stop();
    recording = new RecordingSession(source, tell);
    teaching = await startTeaching();
  },
  addTake: (label) => teaching!.add({ ...recording!.take(), label }),
  finishTeaching: (name) => {
    recording?.stop();
    recording = undefined;
    return teaching!.finish(name);
  },
  teach: async ({ name, takes }) => {
    const ofFiles = await startTeaching();
    await ofFiles.addFiles(takes);
    return ofFiles.finish(name);
  },
  cancel: async () => {
    recording?.stop();
    recording = undefined;
    await stopLive();
  },
};

async function startTeaching(): Promise<Teaching> {
  const { Teaching } = await import("./teaching.ts");
  return new Teaching(await classifier(), streamModel);
}

async function stopLive(): Promise<LiveSession | undefined> {
  const session = live;
  live = undefined;
  await session?.stop();
  return session;
}

/**
 * Answers the page from now on.
 *
 * @param early What the page has said before.
 */
export function startWorker(early: readonly MessageEvent<CallMessage>[]): void {
  answerCalls<EngineCalls>(
    {
      post: (reply) => self.postMessage(reply),
      listen(onMessage) {
        for (const { data } of early) onMessage(data);
        self.onmessage = ({ data }: MessageEvent<CallMessage>) => onMessage(data);
      },
    },
    handlers,
  );
}

// A microphone forgotten open fills no memory: later samples are dropped.
const MAX_SECONDS = 60;

/** Gathers what the microphone hears until it is stopped. */
class RecordingSession {
  readonly #source: CaptureSource;
  readonly #chunks: Float32Array[] = [];
  #nSamples = 0;

  /**
   * @param source Where the samples come from.
   * @param tell Told the level at each chunk.
   */
  constructor(source: CaptureSource, tell: (event: EngineEvent) => void) {
    this.#source = source;
    source.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      if (this.#nSamples < MAX_SECONDS * source.sampleRate) this.#add(data);
      const durationMs = (this.#nSamples / source.sampleRate) * 1000;
      tell({ kind: "level", levelDb: levelOf(data), durationMs });
    };
  }

  /** Ends the recording; what has been heard so far, or since the last take, is the clip. */
  stop(): AudioClip {
    this.#source.port.close();
    return this.take();
  }

  /** What has been heard since the last take; the next one begins here. */
  take(): AudioClip {
    const samples = new Float32Array(this.#nSamples);
    let start = 0;
    for (const chunk of this.#chunks) {
      samples.set(chunk, start);
      start += chunk.length;
    }
    this.#chunks.length = 0;
    this.#nSamples = 0;
    return { samples, sampleRate: this.#source.sampleRate };
  }

  #add(chunk: Float32Array): void {
    this.#chunks.push(chunk);
    this.#nSamples += chunk.length;
  }
}
