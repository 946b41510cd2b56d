import * as ort from "onnxruntime-web/wasm";
import { ModelFormatError } from "../../errors.ts";
import { architecture } from "../../model/architectures.ts";
import type { Classifier } from "../../model/classifier.ts";
import { createClassifier } from "../../model/classifier.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import type { ModelSummary } from "./protocol.ts";

const MODEL_URL = new URL("../../../models/compact.onnx", import.meta.url);

/**
 * Loads the runtime and the model from the page's own origin, on one thread: more would need a page isolated from
 * other origins by its server's headers, which a plain static host cannot send.
 *
 * @throws {ModelFormatError} What came is no model, for example an error page.
 */
export async function loadModel(): Promise<Classifier> {
  ort.env.wasm.numThreads = 1;
  const response = await fetch(MODEL_URL);
  if (!response.ok) throw new ModelFormatError(`model file: the server answers ${response.status}`);
  const classifier = await createClassifier(ort, new Uint8Array(await response.arrayBuffer()));
  // The first run allocates; a second of silence now, so that the first answer is as fast as the others.
  await classifier.classify(new Float32Array(SAMPLE_RATE), { sampleRate: SAMPLE_RATE });
  return classifier;
}

/** What the page needs to know of a model. @param classifier The model, loaded. */
export function summarise(classifier: Classifier): ModelSummary {
  const { info } = classifier;
  const { nMels, fMin, fMax, hopLength } = architecture(info.architecture).logMel;
  const axes = { nMels, fMin, fMax, hopMs: (hopLength / SAMPLE_RATE) * 1000 };
  return { threshold: info.threshold, parameterCount: info.parameterCount, axes };
}
