// A model file made ready to hear digits in streams. The caller hands in the ONNX runtime, native or WebAssembly.

import type { InferenceSession, Tensor } from "onnxruntime-common";
import { ModelFormatError } from "../errors.ts";
import type { OnnxRuntime } from "../graph/program.ts";
import { checkSeal } from "../model/seal.ts";
import { FRAMES_PER_RUN } from "./build-stream-model.ts";
import type { FrameStream } from "./frame-stream.ts";
import { createFrameStream } from "./frame-stream.ts";
import type { StreamModelInfo } from "./stream-metadata.ts";
import { readStreamModelInfo } from "./stream-metadata.ts";
import { STATE_COUNT, STREAM_WINDOW } from "./stream-net.ts";

export type { StreamModelInfo } from "./stream-metadata.ts";

/** Settings of {@link createStreamModel}. */
export type StreamModelOptions = {
  /** Passed to the runtime as they are. */
  sessionOptions?: InferenceSession.SessionOptions;
};

/** Hears digits in any number of streams; `createRecognizer` is the way in. */
export type StreamModel = {
  /** What the model file says of itself. */
  readonly info: StreamModelInfo;
  /** Begins a stream of the net's answers. */
  openFrames(): FrameStream;
  /** Frees the model's memory; may be called twice. */
  release(): Promise<void>;
};

/**
 * Makes a model file ready to hear digits in streams.
 *
 * @param ort `onnxruntime-node`, `onnxruntime-web` or another of their kind.
 * @param bytes The file of a stream model.
 * @param options See {@link StreamModelOptions}.
 * @throws {ModelFormatError} The file is no stream model of this package, or damaged.
 */
export async function createStreamModel(
  ort: OnnxRuntime,
  bytes: Uint8Array,
  options: StreamModelOptions = {},
): Promise<StreamModel> {
  checkSeal(bytes);
  const info = readStreamModelInfo(bytes);
  const session = await createSession(ort, bytes, options);
  const answer = async (window: Float32Array): Promise<Float32Array> => {
    const samples = new ort.Tensor("float32", window, [1, STREAM_WINDOW]);
    return checkedAnswer((await session.run({ samples })).log_probs);
  };
  let released: Promise<void> | undefined;
  return {
    info,
    openFrames: () => createFrameStream(answer),
    release() {
      released ??= session.release();
      return released;
    },
  };
}

async function createSession(ort: OnnxRuntime, bytes: Uint8Array, options: StreamModelOptions) {
  const settings = { intraOpNumThreads: 1, interOpNumThreads: 1, ...options.sessionOptions };
  try {
    return await ort.InferenceSession.create(bytes, settings);
  } catch (cause) {
    throw new ModelFormatError("stream model: the runtime cannot load it", { cause });
  }
}

function checkedAnswer(logProbs: Tensor | undefined): Float32Array {
  const data = logProbs?.data;
  const isWhole = data instanceof Float32Array && data.length === FRAMES_PER_RUN * STATE_COUNT;
  if (isWhole && !data.some(Number.isNaN)) return data;
  throw new ModelFormatError("stream model: it answers with something else than the states of frames");
}
