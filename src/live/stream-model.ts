// A model file made ready to hear digits in streams. The caller hands in the ONNX runtime, native or WebAssembly.

import type { InferenceSession } from "onnxruntime-common";
import type { OnnxRuntime } from "../graph/program.ts";
import type { Classifier } from "../model/classifier.ts";
import { createClassifier } from "../model/classifier.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import type { DigitEvent } from "./digit-event.ts";
import type { Word } from "./segmenter.ts";
import { createSegmenter } from "./segmenter.ts";

/** What the file of a stream model says of itself. */
export type StreamModelInfo = Pick<
  ModelInfo,
  "sampleRate" | "threshold" | "trainingData" | "training" | "accuracy" | "parameterCount"
>;

/** Settings of {@link createStreamModel}. */
export type StreamModelOptions = {
  /** Passed to the runtime as they are. */
  sessionOptions?: InferenceSession.SessionOptions;
};

/** One stream on its way through the model. Calls must wait for each other. */
export type ModelStream = {
  /** @param samples The next samples, mono, at the model's rate. @returns Digits that became certain, in their order. */
  push(samples: Float32Array): Promise<DigitEvent[]>;
  /** The stream is over. @returns Digits that were still open. */
  end(): Promise<DigitEvent[]>;
};

/** Hears digits in any number of streams. */
export type StreamModel = {
  /** What the model file says of itself. */
  readonly info: StreamModelInfo;
  /** Begins a stream; `createRecognizer` is the way in. @param options.threshold Least confidence of a digit, 0..1. */
  openStream(options: { threshold: number }): ModelStream;
  /** Frees the model's memory; may be called twice. */
  release(): Promise<void>;
};

/**
 * Makes a model file ready to hear digits in streams.
 *
 * @param ort `onnxruntime-node`, `onnxruntime-web` or another of their kind.
 * @param bytes A model file of this package.
 * @param options See {@link StreamModelOptions}.
 * @throws {ModelFormatError} The file is none of ours, or damaged.
 */
export async function createStreamModel(
  ort: OnnxRuntime,
  bytes: Uint8Array,
  options: StreamModelOptions = {},
): Promise<StreamModel> {
  const classifier = await createClassifier(ort, bytes, options);
  return {
    info: classifier.info,
    openStream: ({ threshold }) => openWordStream(classifier, threshold),
    release: () => classifier.release(),
  };
}

function openWordStream(classifier: Classifier, threshold: number): ModelStream {
  const segmenter = createSegmenter({ sampleRate: SAMPLE_RATE });
  const answer = async (words: readonly Word[]) => {
    const events: DigitEvent[] = [];
    for (const { samples, startSample, endSample } of words) {
      const { topDigit, confidence, noneProb } = await classifier.classify(samples, {
        sampleRate: SAMPLE_RATE,
      });
      if (confidence < threshold || noneProb > confidence) continue;
      const [startMs, endMs] = [startSample, endSample].map((sample) => (1000 * sample) / SAMPLE_RATE);
      events.push({ digit: topDigit, confidence, startMs: startMs!, endMs: endMs! });
    }
    return events;
  };
  return {
    push: (samples) => answer(segmenter.push(samples)),
    end: () => answer(segmenter.push(new Float32Array(SAMPLE_RATE))),
  };
}
