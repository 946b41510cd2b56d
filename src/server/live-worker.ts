// A process that hears digits in any number of streams.

import type { LiveDigitEvent } from "../live/digit-event.ts";
import { createRecognizer, type Recognizer, type RecognizerOptions } from "../live/recognizer.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { loadStreamModel } from "../load-models.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import { answerCalls } from "../workers/calls.ts";
import { processPort } from "../workers/worker-process.ts";
import { SERVICE_SESSION } from "./worker-protocol.ts";

/** What the process is to run. */
export type LiveWorkerSetup = {
  /** Path of a stream model. Default: the shipped one. */
  model?: string;
  /** Least confidence of a digit, 0..1. Default: the model's own. */
  threshold?: number;
};

/** How a stream is heard. */
export type LiveListening = RecognizerOptions & {
  /** The speaker's own. Default: nobody's. */
  voice?: VoiceProfile;
};

/** Its calls: `load` first, then any number of streams; those of one stream are answered in their order. */
export type LiveCalls = {
  load: { payload: LiveWorkerSetup; result: undefined };
  open: { payload: { stream: number; options: LiveListening }; result: LiveDigitEvent[] };
  push: { payload: { stream: number; samples: Float32Array }; result: LiveDigitEvent[] };
  end: { payload: { stream: number }; result: LiveDigitEvent[] };
  close: { payload: { stream: number }; result: LiveDigitEvent[] };
};

const recognizers = new Map<number, Recognizer>();
let model: StreamModel;
let threshold: number | undefined;

answerCalls<LiveCalls>(processPort, {
  async load(setup) {
    threshold = setup.threshold;
    model = await loadStreamModel({ model: setup.model, sessionOptions: SERVICE_SESSION });
    return undefined;
  },
  open({ stream, options: { voice, ...options } }) {
    const heardWith = voice ? model.withVoice(voice) : model;
    recognizers.set(stream, createRecognizer(heardWith, { threshold, ...options }));
    return [];
  },
  push: ({ stream, samples }) => recognizers.get(stream)!.push(samples),
  end: ({ stream }) => recognizers.get(stream)!.end(),
  close({ stream }) {
    recognizers.delete(stream);
    return [];
  },
});
