// A graph made ready to run on an ONNX runtime, native or WebAssembly: the caller hands the runtime in.

import type {
  InferenceSession,
  InferenceSessionFactory,
  Tensor,
  TensorConstructor,
} from "onnxruntime-common";
import { InvalidArgumentError } from "../errors.ts";
import type { Graph, TensorData } from "./graph.ts";
import { writeOnnx } from "./onnx-file.ts";
import type { Value } from "./value.ts";

/** What we use of `onnxruntime-node` or `onnxruntime-web`. */
export type OnnxRuntime = { InferenceSession: InferenceSessionFactory; Tensor: TensorConstructor };

/** A graph that can be run again and again. */
export type Program = {
  /**
   * @param feeds The elements of every input, by name, row-major.
   * @returns The elements of every output, by name. They are the caller's to keep.
   */
  run(feeds: Readonly<Record<string, TensorData>>): Promise<Record<string, TensorData>>;
  /** Frees the memory. */
  release(): Promise<void>;
};

/**
 * Makes a graph ready to run.
 *
 * @param ort The runtime.
 * @param graph All its input shapes are known.
 * @param sessionOptions The runtime's own settings. Default: one thread, all optimisations.
 */
export async function compile(
  ort: OnnxRuntime,
  graph: Graph,
  sessionOptions: InferenceSession.SessionOptions = {},
): Promise<Program> {
  const session = await ort.InferenceSession.create(writeOnnx(graph), {
    intraOpNumThreads: 1,
    ...sessionOptions,
  });
  return {
    async run(feeds) {
      const tensors = graph.inputs.map(
        (input) => [input.name, toTensor(ort, input, feeds[input.name])] as const,
      );
      const results = await session.run(Object.fromEntries(tensors));
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, tensor.data as TensorData]),
      );
    },
    release: () => session.release(),
  };
}

function toTensor(ort: OnnxRuntime, { name, type, shape }: Value, data: TensorData | undefined): Tensor {
  if (!data) throw new InvalidArgumentError(`graph: input "${name}" was not fed`);
  return new ort.Tensor(type, data, shape as number[]);
}
