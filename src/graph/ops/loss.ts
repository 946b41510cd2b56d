import type { Value } from "../value.ts";
import { staticShape } from "../value.ts";
import { mul } from "./elementwise.ts";
import { logSoftmax, reduceSum } from "./reduce.ts";

/**
 * Mean cross-entropy against soft targets.
 *
 * @param logits [B, K].
 * @param targets [B, K], each row sums to 1 (label smoothing and mixup are in it).
 * @returns A scalar: -1/B sum targets log softmax(logits).
 */
export function softCrossEntropy(logits: Value, targets: Value): Value {
  const [batchSize] = staticShape(logits, "softCrossEntropy") as [number];
  const total = reduceSum(mul(targets, logSoftmax(logits)), { axes: [0, 1] });
  return mul(total, logits.graph.scalar(-1 / batchSize));
}
