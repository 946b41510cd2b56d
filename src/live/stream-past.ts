// What a streaming graph remembers from run to run: inputs with what came before the new frames, and for each an output that
// is fed back.

import type { Graph } from "../graph/graph.ts";
import { concat, tail } from "../graph/ops/shape.ts";
import type { Past } from "./stream-net.ts";

/** Names of the inputs and outputs begin so, and end with a number from 0. */
export const PAST_INPUT = "past_";
export const PAST_OUTPUT = "next_past_";

/**
 * A past that is fed: each use adds an input `past_i` [..., count] and an output `next_past_i` of the same shape.
 *
 * @param graph Receives them.
 */
export function createPast(graph: Graph): Past {
  let uses = 0;
  return {
    extend(x, count) {
      const axis = x.shape.length - 1;
      const shape = [...x.shape.slice(0, -1), count];
      const before = graph.input(`${PAST_INPUT}${uses}`, shape);
      const extended = concat([before, x], axis);
      graph.output(`${PAST_OUTPUT}${uses}`, tail(extended, { axis, count }));
      uses++;
      return extended;
    },
  };
}
