import * as ort from "onnxruntime-web/wasm";
import { ModelFormatError } from "../../errors.ts";
import type { Classifier } from "../../model/classifier.ts";
import { createClassifier } from "../../model/classifier.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";

const MODEL_URL = new URL("../../../models/compact.onnx", import.meta.url);

/**
 * Loads the runtime and the model from the page's own origin, on one thread: more would need a page isolated from
 * other origins by its server's headers, which a plain static host cannot send.
 *
 * @throws {ModelFormatError} What came is no model, for example an error page.
 */
export async function loadModel(): Promise<Classifier> {
  ort.env.wasm.numThreads = 1;
  const classifier = await createClassifier(ort, await fetchModel(MODEL_URL));
  // The first run allocates; a second of silence now, so that the first answer is as fast as the others.
  await classifier.classify(new Float32Array(SAMPLE_RATE), { sampleRate: SAMPLE_RATE });
  return classifier;
}

/**
 * Fetches a model file.
 *
 * @param url Of the page's own origin.
 * @throws {ModelFormatError} It is not there.
 */
export async function fetchModel(url: URL): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new ModelFormatError(`model file: the server answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
