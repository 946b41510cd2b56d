// A model file made ready to hear digits in streams. The caller hands in the ONNX runtime, native or WebAssembly.

import type { Tensor } from "onnxruntime-common";
import { ModelFormatError } from "../errors.ts";
import { readOnnx } from "../graph/onnx-file.ts";
import type { OnnxRuntime } from "../graph/program.ts";
import { sizeOf } from "../graph/value.ts";
import { type ModelSession, openSession, type SessionSettings, verifyChecksum } from "../model/model-file.ts";
import type { FrameStream, PieceRunner } from "./frame-stream.ts";
import { createFrameStream, MAX_PIECE_FRAMES } from "./frame-stream.ts";
import type { StreamModelInfo } from "./stream-metadata.ts";
import { readStreamModelInfo } from "./stream-metadata.ts";
import { OUTPUT_COUNT, STATE_HOP } from "./stream-net.ts";
import { PAST_INPUT, PAST_OUTPUT } from "./stream-past.ts";

export type { StreamModelInfo } from "./stream-metadata.ts";

/** Settings of {@link createStreamModel}. */
export type StreamModelOptions = Pick<SessionSettings, "sessionOptions">;

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
  verifyChecksum(bytes);
  const info = readStreamModelInfo(bytes);
  const session = await openSession(ort, bytes, options);
  const run = createRun(ort, session);
  const beginning = await pastOfSilence(ort, bytes, run);
  return {
    info,
    openFrames: () => createFrameStream(createRunner(run, beginning)),
    release: session.release,
  };
}

/** What the model keeps of a stream, by the names of its inputs. */
type PastTensors = Readonly<Record<string, Tensor>>;

/** Runs the model: from samples and what it kept to its rows, [n, OUTPUT_COUNT], and what it keeps. */
type Run = (samples: Float32Array, past: PastTensors) => Promise<{ rows: Float32Array; next: PastTensors }>;

function createRun(ort: OnnxRuntime, session: ModelSession): Run {
  return async (samples, past) => {
    const feeds = { ...past, samples: new ort.Tensor("float32", samples, [1, samples.length]) };
    const results = await session.run(feeds);
    const rows = checkedRows(results.log_probs, samples.length / STATE_HOP);
    const next = Object.keys(past).map((name) => [name, keptIn(results, name)] as const);
    return { rows, next: Object.fromEntries(next) };
  };
}

function keptIn(results: Readonly<Record<string, Tensor>>, input: string): Tensor {
  const kept = results[input.replace(PAST_INPUT, PAST_OUTPUT)];
  if (kept) return kept;
  throw new ModelFormatError(`stream model: it takes ${input} and does not give it back`);
}

/** What a model keeps when nothing but silence went before: what it keeps after a piece of it. */
async function pastOfSilence(ort: OnnxRuntime, bytes: Uint8Array, run: Run): Promise<PastTensors> {
  const zeros = readOnnx(bytes)
    .inputs.filter(({ name }) => name.startsWith(PAST_INPUT))
    .map(({ name, shape }) => {
      const lengths = shape.map(Number);
      return [name, new ort.Tensor("float32", new Float32Array(sizeOf(lengths)), lengths)] as const;
    });
  const { next } = await run(new Float32Array(MAX_PIECE_FRAMES * STATE_HOP), Object.fromEntries(zeros));
  return next;
}

function createRunner(run: Run, beginning: PastTensors): PieceRunner {
  let past = beginning;
  return {
    async run(samples) {
      const { rows, next } = await run(samples, past);
      past = next;
      return rows;
    },
    reset() {
      past = beginning;
    },
  };
}

function checkedRows(logProbs: Tensor | undefined, nFrames: number): Float32Array {
  const data = logProbs?.data;
  const isWhole = data instanceof Float32Array && data.length === nFrames * OUTPUT_COUNT;
  if (isWhole && !data.some(Number.isNaN)) return data;
  throw new ModelFormatError("stream model: its outputs are something else than the states of frames");
}
