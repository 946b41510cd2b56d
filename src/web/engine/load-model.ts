import runtimeUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { ModelFormatError } from "../../errors.ts";
import { type Classifier, createClassifier } from "../../model/classifier.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";

const MODEL_URL = new URL("../../../models/compact.onnx", import.meta.url);

/** Told how many bytes have come in all. */
export type OnBytes = (loadedBytes: number) => void;

/**
 * Loads the runtime and the model from the page's own origin, on one thread: more would need a page isolated from
 * other origins by its server's headers, which a plain static host cannot send.
 *
 * @param onBytes Told how much of both has come.
 * @throws {ModelFormatError} What came is no model, for example an error page.
 */
export async function loadModel(onBytes: OnBytes): Promise<Classifier> {
  const loaded = { runtime: 0, model: 0 };
  const tell = (part: keyof typeof loaded) => (bytes: number) => {
    loaded[part] = bytes;
    onBytes(loaded.runtime + loaded.model);
  };
  ort.env.wasm.numThreads = 1;
  const [runtime, model] = await Promise.all([
    fetchBytes(runtimeUrl, tell("runtime")),
    fetchBytes(MODEL_URL, tell("model")),
  ]);
  ort.env.wasm.wasmBinary = runtime;
  const classifier = await createClassifier(ort, model);
  // The first run allocates; a second of silence now, so that the first answer is as fast as the others.
  await classifier.classify(new Float32Array(SAMPLE_RATE), { sampleRate: SAMPLE_RATE });
  return classifier;
}

/**
 * Fetches a file that is needed to compute.
 *
 * @param url Of the page's own origin.
 * @param onBytes Told how much of it has come.
 * @throws {ModelFormatError} It is not there, or there is no network.
 */
export async function fetchBytes(url: URL | string, onBytes: OnBytes): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch((cause) => {
    throw new ModelFormatError("model file: it could not be fetched", { cause });
  });
  if (!response.ok) throw new ModelFormatError(`model file: the server answers ${response.status}`);
  let loaded = 0;
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      loaded += chunk.length;
      onBytes(loaded);
      controller.enqueue(chunk);
    },
  });
  return new Uint8Array(await new Response(response.body!.pipeThrough(counter)).arrayBuffer());
}
