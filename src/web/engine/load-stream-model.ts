// Loaded when listening starts, with all that hears streams.

import * as ort from "onnxruntime-web/wasm";
import { createStreamModel, type StreamModel } from "../../live/stream-model.ts";
import { transcribe } from "../../live/transcribe.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import { fetchBytes, type OnBytes } from "./load-model.ts";

const MODEL_URL = new URL("../../../models/stream.onnx", import.meta.url);

/**
 * Loads the model that hears digits said one after another, into the runtime that `loadModel` has set up.
 *
 * @param onBytes Told how much of it has come.
 * @throws {ModelFormatError} What came is no model, for example an error page.
 */
export async function loadStreamModel(onBytes: OnBytes): Promise<StreamModel> {
  const model = await createStreamModel(ort, await fetchBytes(MODEL_URL, onBytes));
  // The first run allocates: a second of silence now, so that the first digit is not late.
  await transcribe(model, new Float32Array(SAMPLE_RATE), { sampleRate: SAMPLE_RATE });
  return model;
}
