// A worker thread that hears digits in any number of streams.

import { parentPort, workerData } from "node:worker_threads";
import { type ErrorCode, SpokenDigitsError } from "../errors.ts";
import type { LiveDigitEvent } from "../live/digit-event.ts";
import { loadStreamModel } from "../live/load-stream-model.ts";
import { createRecognizer, type Recognizer, type RecognizerOptions } from "../live/recognizer.ts";

/** What the thread is started with. */
export type LiveWorkerSetup = {
  /** Path of a stream model. Default: the shipped one. */
  model?: string;
  /** Least confidence of a digit, 0..1. Default: the model's own. */
  threshold?: number;
};

/** What the thread is asked; each is answered once, those of one stream in their order. */
export type LiveCall =
  | { call: "open"; stream: number; options: RecognizerOptions }
  | { call: "push"; stream: number; samples: Float32Array }
  | { call: "end" | "close"; stream: number };

/** A call with a number that its answer repeats. */
export type LiveRequest = { id: number } & LiveCall;

/** What became certain by a call, or what went wrong. */
export type LiveResponse = {
  id: number;
  events: LiveDigitEvent[];
  error?: { code: ErrorCode | null; message: string };
};

const { model: path, threshold } = workerData as LiveWorkerSetup;
const model = await loadStreamModel({ model: path });
const recognizers = new Map<number, Recognizer>();

parentPort!.on("message", (request: LiveRequest) => void respond(request));

async function respond(request: LiveRequest): Promise<void> {
  const { id } = request;
  try {
    parentPort!.postMessage({ id, events: await answer(request) } satisfies LiveResponse);
  } catch (error) {
    const code = error instanceof SpokenDigitsError ? error.code : null;
    const { message } = error as Error;
    parentPort!.postMessage({ id, events: [], error: { code, message } } satisfies LiveResponse);
  }
}

async function answer(request: LiveCall): Promise<LiveDigitEvent[]> {
  const { stream } = request;
  switch (request.call) {
    case "open":
      recognizers.set(stream, createRecognizer(model, { threshold, ...request.options }));
      return [];
    case "push":
      return recognizers.get(stream)!.push(request.samples);
    case "end":
      return recognizers.get(stream)!.end();
    case "close":
      recognizers.delete(stream);
      return [];
  }
}
