import { describe, expect, it } from "vitest";
import { fitWeights } from "./fit-weights.ts";
import { softmax } from "./prediction.ts";
import { addNearbyInPlace, nearnessOf, unitVector } from "./voice-profile.ts";

const place = { features: [1, 0], weights: [0, 4] };

describe("addNearbyInPlace", () => {
  it("adds in full at the place, half half-way to the edge of its reach, nothing beyond", () => {
    const outputsAt = (cosine: number) => {
      const outputs = Float32Array.of(1, 1);
      const direction = [cosine, Math.sqrt(1 - cosine * cosine)];
      return [addNearbyInPlace(outputs, direction, { places: [place], reach: 0.8 }), ...outputs];
    };
    expect(outputsAt(1)).toEqual([true, 1, 5]);
    expect(outputsAt(0.9)[2]).toBeCloseTo(3, 5);
    expect(outputsAt(0.79)).toEqual([false, 1, 1]);
  });
});

describe("fitWeights", () => {
  const logits = [0, 0, 0];

  it("reaches the least loss: what the penalty pulls is what the examples push", () => {
    const examples = [
      { logits, nearness: [1, 0.5], right: [0] },
      { logits: [1, 0, 0], nearness: [0.2, 1], right: [1] },
    ];
    const penalty = 0.1;
    const weights = fitWeights(examples, { penalty, steps: 500 });
    for (const [at, row] of weights.entries()) {
      for (const [k, weight] of row.entries()) {
        const push = examples.map(({ logits, nearness, right }) => {
          const changed = logits.map((logit, c) =>
            weights.reduce((sum, w, j) => sum + nearness[j]! * w[c]!, logit),
          );
          return nearness[at]! * (softmax(changed)[k]! - (right.includes(k) ? 1 : 0));
        });
        expect((push[0]! + push[1]!) / 2 + penalty * weight).toBeCloseTo(0, 3);
      }
    }
  });

  it("is content where several outputs are right together", () => {
    const [row] = fitWeights([{ logits: [20, 0, 20], nearness: [1], right: [0, 2] }], {
      penalty: 0.01,
      steps: 50,
    });
    expect(row).toEqual([0, 0, 0].map((zero) => expect.closeTo(zero, 3)));
  });

  it("changes nothing at a place that no example is near", () => {
    expect(fitWeights([{ logits, nearness: [0, 1], right: [2] }], { penalty: 0.01, steps: 50 })[0]).toEqual([
      0, 0, 0,
    ]);
  });
});

it("nearness and unit vectors: zeros stay, and reach is the edge", () => {
  expect(unitVector([3, 4])).toEqual([0.6, 0.8]);
  expect(unitVector([0, 0])).toEqual([0, 0]);
  expect(nearnessOf([1, 0], [0.8, 0.6], 0.8)).toBe(0);
});
