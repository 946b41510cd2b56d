import { expect, test } from "vitest";
import { adamWStepInPlace, clipNormInPlace, createAdamWState, type NamedArrays } from "./update-weights.ts";

// From torch 1.13: AdamW over the same weights and gradients with weight_decay 0.1 for w and 0 for b, lr 0.02, 0.01 and
// 0.005, betas (0.8, 0.95), eps 1e-6, after clip_grad_norm_([w, b], 3).
const GRADIENTS = [
  { w: [0.3, -0.1, 2], b: [0.5] },
  { w: [4, -3, 1], b: [-2] },
  { w: [0, 0.2, -0.4], b: [0.1] },
];
const RATES = [0.02, 0.01, 0.005];
const TORCH_NORMS = [2.085665225982666, 5.4772257804870605, 0.4582575559616089];
const TORCH_W = [
  [0.9780001044273376, -1.9760003089904785, 0.4790000319480896],
  [0.9684900045394897, -1.9659029245376587, 0.4702923595905304],
  [0.9648815393447876, -1.9623970985412598, 0.4677916467189789],
];
const TORCH_B = [0.23000003397464752, 0.23449993133544922, 0.23584654927253723];
const TORCH_M = [0.3889423906803131, -0.23570679128170013, 0.2636356055736542];
const TORCH_V = [0.23206116259098053, 0.1307011991739273, 0.20274999737739563];
// The same w and its gradients with the defaults of torch.optim.AdamW, lr 0.01, no clipping.
// torch's defaults.
const SETTINGS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
const TORCH_DEFAULT_W = [0.9756579995155334, -1.9762588739395142, 0.4745640158653259];

const makeWeights = () => ({ w: Float32Array.of(1, -2, 0.5), b: Float32Array.of(0.25) });
const makeGradients = (i: number) => ({
  w: Float32Array.from(GRADIENTS[i]!.w),
  b: Float32Array.from(GRADIENTS[i]!.b),
});

function clipTogether(gradients: NamedArrays, largest: number): number {
  const all = Float32Array.from(Object.values(gradients).flatMap((values) => [...values]));
  const norm = clipNormInPlace(all, largest);
  let start = 0;
  for (const values of Object.values(gradients)) {
    values.set(all.subarray(start, start + values.length));
    start += values.length;
  }
  return norm;
}

test("takes the steps that torch takes, clipped, with decay on the flagged weights only", () => {
  const weights = makeWeights();
  const state = createAdamWState(weights);
  const settings = { beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1 };
  for (const [i, learningRate] of RATES.entries()) {
    const gradients = makeGradients(i);
    const norm = clipTogether(gradients, 3);
    adamWStepInPlace({
      weights,
      gradients,
      state,
      decayed: new Set(["w"]),
      learningRate,
      settings,
    });
    expect(norm).toBeCloseTo(TORCH_NORMS[i]!, 5);
    TORCH_W[i]!.forEach((expected, k) => {
      expect(weights.w[k]).toBeCloseTo(expected, 6);
    });
    expect(weights.b[0]).toBeCloseTo(TORCH_B[i]!, 6);
  }
  expect(state.t).toBe(3);
  TORCH_M.forEach((expected, k) => {
    expect(state.m.w![k]).toBeCloseTo(expected, 6);
  });
  TORCH_V.forEach((expected, k) => {
    expect(state.v.w![k]).toBeCloseTo(expected, 6);
  });
});

test("is the same as torch's with its default constants", () => {
  const weights = { w: Float32Array.of(1, -2, 0.5) };
  const state = createAdamWState(weights);

  for (let i = 0; i < 3; i++)
    adamWStepInPlace({
      weights,
      gradients: makeGradients(i),
      state,
      decayed: new Set(["w"]),
      learningRate: 0.01,
      settings: SETTINGS,
    });
  TORCH_DEFAULT_W.forEach((expected, k) => {
    expect(weights.w[k]).toBeCloseTo(expected, 6);
  });
});

test("goes on from a copied state as from its own", () => {
  const weights = makeWeights();
  const state = createAdamWState(weights);
  const rest = { decayed: new Set(["w"]), learningRate: 0.1, settings: SETTINGS };
  adamWStepInPlace({ weights, gradients: makeGradients(0), state, ...rest });
  const copy = structuredClone({ weights, state });
  adamWStepInPlace({ weights, gradients: makeGradients(1), state, ...rest });
  adamWStepInPlace({ ...copy, gradients: makeGradients(1), ...rest });
  expect(copy).toEqual({ weights, state });
});

test("leaves gradients alone and takes a zero gradient for what it is", () => {
  const weights = makeWeights();
  const gradients = { w: new Float32Array(3), b: new Float32Array(1) };
  adamWStepInPlace({
    weights,
    gradients,
    state: createAdamWState(weights),
    decayed: new Set(),
    learningRate: 1,
    settings: SETTINGS,
  });
  expect(weights).toEqual(makeWeights());
  expect(gradients.w).toEqual(new Float32Array(3));
});

test("finds the bottom of a bowl", () => {
  const weights = { w: Float32Array.of(5, -3) };
  const state = createAdamWState(weights);
  for (let i = 0; i < 600; i++)
    adamWStepInPlace({
      weights,
      gradients: { w: weights.w.map((x, k) => 2 * (x - k)) },
      state,
      decayed: new Set(),
      learningRate: 0.05,
      settings: SETTINGS,
    });
  expect(weights.w[0]).toBeCloseTo(0, 2);
  expect(weights.w[1]).toBeCloseTo(1, 2);
});
