// A program under construction: operations in the order they run, with their constants, inputs and outputs.
// The functions in ops/ add to it; onnx-file.ts writes it; gradients.ts walks its tape backwards.

import { GraphShapeError, InvalidArgumentError } from "../errors.ts";
import type { ElementType, Shape, Value } from "./value.ts";
import { formatShape, sameShape, sizeOf } from "./value.ts";

/** A setting of an operation, in the kinds that the ONNX format distinguishes. */
export type Attribute = { int: number } | { ints: readonly number[] } | { float: number } | { text: string };

/** One operation. An input left out is `undefined`. */
export type GraphNode = {
  opType: string;
  domain: string;
  inputs: readonly (Value | undefined)[];
  outputs: readonly Value[];
  attributes: Readonly<Record<string, Attribute>>;
};

/** Numbers stored in the graph itself. `float32` takes a Float32Array, `int64` a BigInt64Array, and so on. */
export type TensorData = Float32Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array;

/** From the gradient of each output (absent: the loss does not depend on it) to that of each input. */
export type BackwardRule = (
  outputGradients: readonly (Value | undefined)[],
) => readonly (Value | undefined)[];

/** How one differentiable step is undone. */
export type TapeEntry = { inputs: readonly Value[]; outputs: readonly Value[]; backward: BackwardRule };

/** An operation's result: its type and shape, worked out by the caller. */
export type ResultType = { type: ElementType; shape: Shape };

/** A graph under construction. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: { name: string; value: Value }[] = [];
  readonly constants = new Map<string, { value: Value; data: TensorData }>();
  readonly tape: TapeEntry[] = [];
  readonly #names = new Set<string>();

  /**
   * A tensor fed when the graph runs.
   *
   * @param name Unique within the graph.
   * @param shape Lengths, or names for those known only then. Default: a scalar.
   * @param type Default: float32.
   * @throws {InvalidArgumentError} The name is taken.
   */
  input(name: string, shape: Shape = [], type: ElementType = "float32"): Value {
    const value = this.#value(this.#claim(name), { type, shape });
    this.inputs.push(value);
    return value;
  }

  /**
   * Numbers stored in the graph.
   *
   * @param data Row-major elements, as many as the shape holds.
   * @param shape Lengths. Default: one dimension.
   * @param name Default: made up.
   * @throws {GraphShapeError} The shape holds another number of elements.
   */
  constant(data: TensorData, shape: readonly number[] = [data.length], name?: string): Value {
    if (sizeOf(shape) !== data.length) {
      throw new GraphShapeError(`constant: ${data.length} elements do not fill ${formatShape(shape)}`);
    }
    const value = this.#value(name ? this.#claim(name) : this.#freshName("const"), {
      type: elementTypeOf(data),
      shape,
    });
    this.constants.set(value.name, { value, data });
    return value;
  }

  /** A float32 scalar stored in the graph. @param number Its value. */
  scalar(number: number): Value {
    return this.constant(Float32Array.of(number), []);
  }

  /** Whole numbers stored in the graph as int64. @param numbers Elements. @param shape Default: one dimension. */
  integers(numbers: readonly number[], shape: readonly number[] = [numbers.length]): Value {
    return this.constant(BigInt64Array.from(numbers, BigInt), shape);
  }

  /**
   * Adds an operation.
   *
   * @param opType Its name in the ONNX operator set.
   * @param inputs Tensors it reads; `undefined` for an optional one left out.
   * @param results Type and shape of each output.
   * @param attributes Its settings.
   * @param domain Operator set. Default: the standard one.
   * @returns One value per result.
   */
  add(
    opType: string,
    inputs: readonly (Value | undefined)[],
    results: readonly ResultType[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = "",
  ): Value[] {
    const outputs = results.map((result) => this.#value(this.#freshName(opType.toLowerCase()), result));
    this.nodes.push({ opType, domain, inputs, outputs, attributes });
    return outputs;
  }

  /**
   * Makes a value readable from outside under a name of its own.
   *
   * @param name Unique within the graph.
   * @param value What it yields.
   * @param shape Overrides the inferred shape where the outside should see other dimension names.
   * @throws {InvalidArgumentError} The name is taken.
   */
  output(name: string, value: Value, shape: Shape = value.shape): Value {
    const [named] = this.add("Identity", [value], [{ type: value.type, shape }]) as [Value];
    const renamed = { ...named, name: this.#claim(name) };
    const node = this.nodes.at(-1) as GraphNode;
    this.nodes[this.nodes.length - 1] = { ...node, outputs: [renamed] };
    this.outputs.push({ name, value: renamed });
    return renamed;
  }

  /**
   * Records how to undo a step, for `gradients`.
   *
   * @param inputs Tensors that gradients flow to.
   * @param outputs Tensors that gradients come from.
   * @param backward Builds the gradient of each input; the shapes must be those of the inputs.
   */
  record(inputs: readonly Value[], outputs: readonly Value[], backward: BackwardRule): void {
    this.tape.push({ inputs, outputs, backward: checkedRule(inputs, backward) });
  }

  #value(name: string, { type, shape }: ResultType): Value {
    return { graph: this, name, type, shape };
  }

  #claim(name: string): string {
    if (this.#names.has(name)) throw new InvalidArgumentError(`graph: the name "${name}" is taken`);
    this.#names.add(name);
    return name;
  }

  #freshName(stem: string): string {
    return this.#claim(`${stem}_${this.#names.size}`);
  }
}

function elementTypeOf(data: TensorData): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Uint16Array) return "float16";
  if (data instanceof BigInt64Array) return "int64";
  return data instanceof Int32Array ? "int32" : "bool";
}

function checkedRule(inputs: readonly Value[], backward: BackwardRule): BackwardRule {
  return (outputGradients) => {
    const gradients = backward(outputGradients);
    gradients.forEach((gradient, i) => {
      const input = inputs[i] as Value;
      if (gradient && !sameShape(gradient.shape, input.shape)) {
        const shapes = `${formatShape(gradient.shape)} for ${input.name} ${formatShape(input.shape)}`;
        throw new GraphShapeError(`gradients: a rule gave a gradient of ${shapes}`);
      }
    });
    return gradients;
  };
}
