// Reverse-mode differentiation: walks the tape of a graph backwards and adds the operations that compute gradients.
//
// Reference: Griewank and Walther, Evaluating Derivatives, chapter 3.

import { GraphShapeError, InvalidArgumentError } from "../errors.ts";
import { add } from "./ops/elementwise.ts";
import type { Value } from "./value.ts";
import { formatShape } from "./value.ts";

/**
 * Adds the operations that compute d loss / d value for each of `wrt`.
 *
 * @param loss A float32 scalar.
 * @param wrt Values that the loss depends on, of known shape.
 * @returns One gradient per value, of its shape, in the order of `wrt`.
 * @throws {GraphShapeError} The loss is no scalar.
 * @throws {InvalidArgumentError} The loss does not depend on one of `wrt` by differentiable steps.
 */
export function gradients(loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.shape.length > 0) {
    throw new GraphShapeError(`gradients: the loss must be a scalar, got ${formatShape(loss.shape)}`);
  }
  const found = new Map<string, Value>([[loss.name, loss.graph.scalar(1)]]);
  const needed = valuesDependingOn(wrt);
  for (const { inputs, outputs, backward } of [...loss.graph.tape].reverse()) {
    const outputGradients = outputs.map((output) => found.get(output.name));
    if (!outputGradients.some(Boolean) || !inputs.some((input) => needed.has(input.name))) continue;
    backward(outputGradients).forEach((gradient, i) => {
      const { name } = inputs[i] as Value;
      if (!gradient || !needed.has(name)) return;
      const earlier = found.get(name);
      found.set(name, earlier ? add(earlier, gradient) : gradient);
    });
  }
  return wrt.map(({ name }) => {
    const gradient = found.get(name);
    if (!gradient) throw new InvalidArgumentError(`gradients: the loss does not depend on "${name}"`);
    return gradient;
  });
}

function valuesDependingOn(sources: readonly Value[]): Set<string> {
  const names = new Set(sources.map(({ name }) => name));
  for (const { inputs, outputs } of sources[0]?.graph.tape ?? []) {
    if (inputs.some((input) => names.has(input.name))) for (const output of outputs) names.add(output.name);
  }
  return names;
}
