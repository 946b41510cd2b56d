// Muon (Jordan et al., 2024, https://kellerjordan.github.io/posts/muon/), for the weights of convolutions: the momentum of
// each, as a matrix with a row for each channel that it makes, is brought close to the nearest orthogonal matrix before it is
// taken off, so that what few examples ask for moves as far as what all of them ask for.

import { Graph } from "../graph/graph.ts";
import { add, div, mul, sqrt } from "../graph/ops/elementwise.ts";
import { gemm } from "../graph/ops/linear.ts";
import { reduceSumSquare } from "../graph/ops/reduce.ts";
import { compile, type OnnxRuntime } from "../graph/program.ts";
import type { Value } from "../graph/value.ts";
import type { NamedArrays } from "./arithmetic/update-weights.ts";

/** A weight that Muon trains: [rows, ...], taken as a matrix of that many rows. */
export type MuonParameter = { name: string; shape: readonly number[] };

/** Takes the steps of Muon. */
export type Muon = {
  /**
   * One step. Changes `weights` and `momenta`.
   *
   * @param step.weights By name.
   * @param step.gradients By name.
   * @param step.momenta Running mean of the gradients, by name; zeros at first.
   * @param step.learningRate How far a weight of no more rows than columns moves along each direction, >= 0.
   * @param step.decay Share of each weight that is taken off, in [0, 1).
   */
  stepInPlace(step: {
    weights: NamedArrays;
    gradients: NamedArrays;
    momenta: NamedArrays;
    learningRate: number;
    decay: number;
  }): Promise<void>;
  /** Frees the memory. */
  release(): Promise<void>;
};

/** The odd polynomial of the paper: five times after one another it brings singular values of 0.01 to 1 near 1. */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;

/**
 * Prepares Muon for some weights.
 *
 * @param ort The runtime.
 * @param parameters At least one.
 * @param momentum Share that each step keeps of it, in [0, 1).
 */
export async function createMuon(
  ort: OnnxRuntime,
  parameters: readonly MuonParameter[],
  momentum: number,
): Promise<Muon> {
  const graph = new Graph();
  for (const { name, shape } of parameters) {
    const matrix = graph.input(name, matrixShape(shape));
    graph.output(outputName(name), orthogonalise(matrix));
  }
  const program = await compile(ort, graph);
  return {
    async stepInPlace({ weights, gradients, momenta, learningRate, decay }) {
      const directions = Object.fromEntries(
        parameters.map(({ name }) => [name, lookAhead(momenta[name]!, gradients[name]!, momentum)]),
      );
      const results = await program.run(directions);
      for (const { name, shape } of parameters) {
        const [rows, columns] = matrixShape(shape);
        const rate = learningRate * Math.sqrt(Math.max(1, rows / columns));
        takeOff(weights[name]!, results[outputName(name)] as Float32Array, { rate, decay });
      }
    },
    release: () => program.release(),
  };
}

/**
 * The matrix with the same singular vectors whose singular values are all about 1, from 0.7 to 1.2; those below a hundredth of
 * the largest stay smaller. Computed by Newton and Schulz's iteration on the product of the matrix with itself, which is
 * the smaller one.
 *
 * @param x [M, N].
 * @returns [M, N].
 */
function orthogonalise(x: Value): Value {
  const { graph } = x;
  const [rows, columns] = x.shape as [number, number];
  const wide = rows <= columns;
  const squares = add(reduceSumSquare(x, { axes: [0, 1] }), graph.scalar(1e-14));
  let power = div(wide ? gemm(x, x, { transB: true }) : gemm(x, x, { transA: true }), squares);
  let product = polynomial(power);
  let factor = product;
  for (let left = ITERATIONS - 1; left > 0; left--) {
    power = gemm(gemm(factor, power), factor);
    factor = polynomial(power);
    product = gemm(factor, product);
  }
  const scaled = div(x, sqrt(squares));
  return wide ? gemm(product, scaled) : gemm(scaled, product);
}

/** A I + B p + C p². */
function polynomial(p: Value): Value {
  const { graph } = p;
  const size = Number(p.shape[0]);
  const diagonal = new Float32Array(size * size);
  for (let i = 0; i < size; i++) diagonal[i * size + i] = A;
  const rest = add(mul(p, graph.scalar(B)), mul(gemm(p, p), graph.scalar(C)));
  return add(graph.constant(diagonal, [size, size]), rest);
}

const outputName = (parameter: string): string => `${parameter}.direction`;

function matrixShape([rows, ...rest]: readonly number[]): [rows: number, columns: number] {
  return [rows!, rest.reduce((product, length) => product * length, 1)];
}

/** Takes a gradient into the momentum, and gives what the momentum will be if the next one is the same (Nesterov). */
function lookAhead(means: Float32Array, gradient: Float32Array, momentum: number): Float32Array {
  const ahead = new Float32Array(means.length);
  for (let i = 0; i < means.length; i++) {
    const fresh = (1 - momentum) * gradient[i]!;
    const mean = momentum * means[i]! + fresh;
    means[i] = mean;
    ahead[i] = momentum * mean + fresh;
  }
  return ahead;
}

function takeOff(
  weights: Float32Array,
  direction: Float32Array,
  { rate, decay }: { rate: number; decay: number },
): void {
  for (let i = 0; i < weights.length; i++) weights[i] = (1 - decay) * weights[i]! - rate * direction[i]!;
}
