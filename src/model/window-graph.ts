// The first step inside a model: from recordings of any length to windows of WINDOW_SAMPLES. A short recording is padded
// with zeros on both sides; of a long one the loudest window is taken, on steps of BLOCK samples.

import type { Graph } from "../graph/graph.ts";
import { reduceSumSquare } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";

import type { Value } from "../graph/value.ts";
import { WINDOW_SAMPLES } from "./log-mel.ts";

/** Windows start at multiples of this many samples. */
const BLOCK = 128;
const WINDOW_BLOCKS = WINDOW_SAMPLES / BLOCK;

/**
 * The loudest window of each recording; of several equally loud ones, the first.
 *
 * @param samples [batch, samples], both unknown until the graph runs, samples >= 1.
 * @returns [batch, WINDOW_SAMPLES].
 */
export function loudestWindows(samples: Value): Value {
  const { graph } = samples;
  const blocks = reshape(padToBlocks(samples), [0, "blocks", BLOCK]); // [B, N, 128]
  const shaped = { ...blocks, shape: ["batch", "blocks", BLOCK] };
  const energies = reduceSumSquare(shaped, { axes: [2] }); // [B, N]
  const starts = firstLoudest(graph, energies); // [B, 1]
  const picked = graph.add(
    "GatherND",
    [shaped, blockIndices(graph, starts)],
    [{ type: "float32", shape: ["batch", WINDOW_BLOCKS, BLOCK] }],
    { batch_dims: { int: 1 } },
  );
  return reshape(picked[0]!, ["batch", WINDOW_SAMPLES]);
}

/** Zeros on both sides up to one window, then zeros at the end up to a whole block. */
function padToBlocks(samples: Value): Value {
  const { graph } = samples;
  const number = (opType: string, a: Value, b: Value) =>
    graph.add(opType, [a, b], [{ type: "int64", shape: [1] }])[0]!;
  const count = graph.add("Shape", [samples], [{ type: "int64", shape: [1] }], { start: { int: 1 } })[0]!;
  const zero = graph.integers([0]);
  const lacking = number("Max", number("Sub", graph.integers([WINDOW_SAMPLES]), count), zero);
  const left = number("Div", lacking, graph.integers([2]));
  const total = number("Add", count, lacking);
  const blocks = number("Div", number("Add", total, graph.integers([BLOCK - 1])), graph.integers([BLOCK]));
  const right = number("Sub", number("Sub", number("Mul", blocks, graph.integers([BLOCK])), count), left);
  const pads = graph.add("Concat", [zero, left, zero, right], [{ type: "int64", shape: [4] }], {
    axis: { int: 0 },
  });
  return graph.add("Pad", [samples, pads[0]], [{ type: "float32", shape: ["batch", "padded"] }])[0]!;
}

/** Where, in blocks, the window of most energy starts: [B, 1]. */
function firstLoudest(graph: Graph, energies: Value): Value {
  const line = reshape(energies, [0, 1, "blocks"]);
  const ones = graph.constant(new Float32Array(WINDOW_BLOCKS).fill(1), [1, 1, WINDOW_BLOCKS]);
  const windows = graph.add("Conv", [line, ones], [{ type: "float32", shape: ["batch", 1, "starts"] }], {
    kernel_shape: { ints: [WINDOW_BLOCKS] },
  });
  const shape = ["batch", 1];
  return graph.add("ArgMax", windows, [{ type: "int64", shape }], {
    axis: { int: 2 },
    keepdims: { int: 0 },
  })[0]!;
}

/** For GatherND: the numbers of the blocks that make up each window, [B, WINDOW_BLOCKS, 1]. */
function blockIndices(graph: Graph, starts: Value): Value {
  const offsets = graph.integers(
    Array.from({ length: WINDOW_BLOCKS }, (_, i) => i),
    [1, WINDOW_BLOCKS],
  );
  const [indices] = graph.add("Add", [starts, offsets], [{ type: "int64", shape: ["batch", WINDOW_BLOCKS] }]);
  return graph.add(
    "Unsqueeze",
    [indices, graph.integers([-1])],
    [{ type: "int64", shape: ["batch", WINDOW_BLOCKS, 1] }],
  )[0]!;
}
