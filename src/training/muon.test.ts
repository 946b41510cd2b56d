import * as ort from "onnxruntime-node";
import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { createMuon } from "./muon.ts";

type Matrix = number[][];

const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
const transpose = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const combine = (terms: [number, Matrix][]): Matrix =>
  terms[0]![1].map((row, i) =>
    row.map((_, j) => terms.reduce((sum, [factor, m]) => sum + factor * m[i]![j]!, 0)),
  );
const toMatrix = (values: ArrayLike<number>, rows: number): Matrix => {
  const columns = values.length / rows;
  return Array.from({ length: rows }, (_, i) => Array.from(values).slice(i * columns, (i + 1) * columns));
};

/** The paper's iteration as it stands there, on the matrix itself. */
function newtonSchulz(x: Matrix): Matrix {
  const norm = Math.hypot(...x.flat());
  let y = x.map((row) => row.map((value) => value / norm));
  for (let i = 0; i < 5; i++) {
    const a = multiply(y, transpose(y));
    const factor = combine([
      [-4.775, a],
      [2.0315, multiply(a, a)],
    ]);
    y = combine([
      [3.4445, y],
      [1, multiply(factor, y)],
    ]);
  }
  return y;
}

function drawArray(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
}

const PARAMETERS = [
  { name: "wide", shape: [6, 4, 3, 3] },
  { name: "tall", shape: [32, 1, 5, 5] },
  { name: "square", shape: [8, 8, 1, 1] },
];

const sizeOf = (shape: number[]) => shape.reduce((product, length) => product * length, 1);
const arrays = (make: (length: number, i: number) => Float32Array) =>
  Object.fromEntries(PARAMETERS.map(({ name, shape }, i) => [name, make(sizeOf(shape), i)]));
const zeros = () => arrays((length) => new Float32Array(length));

test("moves each weight along the paper's iteration of its look-ahead momentum", async () => {
  const muon = await createMuon(ort, PARAMETERS, 0.9);
  const [weights, momenta] = [zeros(), zeros()];
  const gradients = [
    arrays((length, i) => drawArray(length, i)),
    arrays((length, i) => drawArray(length, 10 + i)),
  ];
  for (const step of gradients) {
    await muon.stepInPlace({ weights, gradients: step, momenta, learningRate: 0.5, decay: 0.1 });
  }
  await muon.release();
  for (const { name, shape } of PARAMETERS) {
    const rows = shape[0]!;
    const [g1, g2] = gradients.map((step) => toMatrix(step[name]!, rows)) as [Matrix, Matrix];
    const ahead = [
      combine([[0.19, g1]]),
      combine([
        [0.081, g1],
        [0.19, g2],
      ]),
    ];
    const [first, second] = ahead.map((x) =>
      rows > x[0]!.length ? transpose(newtonSchulz(transpose(x))) : newtonSchulz(x),
    ) as [Matrix, Matrix];
    const rate = 0.5 * Math.sqrt(Math.max(1, rows / g1[0]!.length));
    const expected = combine([
      [-0.9 * rate, first],
      [-rate, second],
    ]).flat();
    expected.forEach((value, k) => {
      expect(weights[name]![k]).toBeCloseTo(value, 3);
    });
    combine([
      [0.09, g1],
      [0.1, g2],
    ])
      .flat()
      .forEach((value, k) => {
        expect(momenta[name]![k]).toBeCloseTo(value, 6);
      });
  }
});

test("moves rare directions as far as common ones", async () => {
  const muon = await createMuon(ort, [{ name: "w", shape: [3, 3] }], 0.9);
  const weights = { w: new Float32Array(9) };
  const gradients = { w: Float32Array.of(1, 0, 0, 0, 0.3, 0, 0, 0, 0.05) };
  await muon.stepInPlace({
    weights,
    gradients,
    momenta: { w: new Float32Array(9) },
    learningRate: 1,
    decay: 0,
  });
  await muon.release();
  for (const [i, value] of weights.w.entries()) {
    if (i % 4 === 0) {
      expect(-value).toBeGreaterThan(0.65);
      expect(-value).toBeLessThan(1.25);
    } else {
      expect(value).toBeCloseTo(0, 6);
    }
  }
});

test("leaves weights where there is no gradient", async () => {
  const muon = await createMuon(ort, [{ name: "w", shape: [4, 2, 3, 3] }], 0.9);
  const weights = { w: drawArray(72, 1) };
  const zero = () => ({ w: new Float32Array(72) });
  await muon.stepInPlace({ weights, gradients: zero(), momenta: zero(), learningRate: 1, decay: 0 });
  await muon.release();
  expect(weights.w).toEqual(drawArray(72, 1));
});
