// Graphs as ONNX files.
//
// Reference: the ONNX format, IR version 8, operator set 18, https://onnx.ai/onnx/repo-docs/IR.html

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { AttributeProto, ModelProto, TensorProto, ValueInfoProto } from "onnx-buf";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  ModelProtoSchema,
} from "onnx-buf";
import { ModelFormatError } from "../errors.ts";
import type { Attribute, Graph, TensorData } from "./graph.ts";
import { fromHalf } from "./half-precision.ts";
import type { Dim, ElementType, Value } from "./value.ts";
import { sizeOf } from "./value.ts";

const IR_VERSION = 8n;
const OPERATOR_SET = 18n;

/** Free-form text kept in the file beside the graph. */
export type Metadata = Record<string, string>;

/** What a file holds, for reading: its description and its stored numbers. */
export type OnnxContents = {
  producerName: string;
  metadata: Metadata;
  inputs: { name: string; shape: Dim[] }[];
  outputs: { name: string; shape: Dim[] }[];
  /** Stored tensors of float32 and float16 by name. */
  constants: Map<string, { shape: number[]; data: Float32Array }>;
};

/**
 * Writes a graph in the ONNX format. Operations and constants that no output depends on are left out.
 *
 * @param graph Its outputs must have been named with `graph.output`.
 * @param options.metadata Kept in `metadata_props`. Default: none.
 * @param options.docString A line about the graph. Default: none.
 * @returns The file's bytes; the same graph always gives the same ones.
 */
export function writeOnnx(
  graph: Graph,
  options: { metadata?: Metadata; docString?: string } = {},
): Uint8Array<ArrayBuffer> {
  const { nodes, constants, isRead } = livePart(graph);
  const domains = [...new Set(["", ...nodes.map(({ domain }) => domain)])];
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    opsetImport: domains.map((domain) => ({ domain, version: domain === "" ? OPERATOR_SET : 1n })),
    producerName: "spoken-digits",
    docString: options.docString ?? "",
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: "spoken-digits",
      node: nodes.map(({ opType, domain, inputs, outputs, attributes }) => ({
        opType,
        domain,
        input: trimTrailing(inputs.map((value) => value?.name ?? "")),
        // Asked for a result that nobody reads, the runtime takes a slower kernel.
        output: trimTrailing(outputs.map(({ name }) => (isRead(name) ? name : ""))),
        attribute: Object.entries(attributes).map(([name, attribute]) => attributeProto(name, attribute)),
      })),
      initializer: constants.map(({ value, data }) => tensorProto(value, data)),
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(({ value }) => valueInfo(value)),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

/**
 * Reads what an ONNX file says of itself and the numbers it holds. The operations are left to the runtime.
 *
 * @param bytes A whole file.
 * @throws {ModelFormatError} The bytes are no ONNX file, or a stored tensor does not hold what its shape says.
 */
export function readOnnx(bytes: Uint8Array): OnnxContents {
  const { graph, metadataProps, producerName } = parseModel(bytes);
  if (!graph) throw new ModelFormatError("model file: it holds no graph");
  return {
    producerName,
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
    inputs: graph.input.map(nameAndShape),
    outputs: graph.output.map(nameAndShape),
    constants: new Map(
      graph.initializer
        .filter(({ dataType }) => dataType === DataType.FLOAT || dataType === DataType.FLOAT16)
        .map((tensor) => [tensor.name, floatTensor(tensor)]),
    ),
  };
}

/** The dense layer that ends a net. */
export type LastLayer = {
  /** The file with what goes into the layer as one more output, [rows, inputs]; its other outputs stay as they are. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Name of that output. */
  inputName: string;
};

/**
 * Makes what goes into a layer readable. A message of protobuf may be appended to another and adds to its lists, so the
 * file itself is not written anew.
 *
 * @param bytes A whole file.
 * @param weight Name of the layer's weight.
 * @throws {ModelFormatError} The bytes are no ONNX file, or no product is taken with such a weight.
 */
export function exposeLayerInput(bytes: Uint8Array, weight: string): LastLayer {
  const nodes = parseModel(bytes).graph?.node ?? [];
  const cast = nodes.find(({ opType, input }) => opType === "Cast" && input[0] === weight);
  const operand = cast?.output[0] ?? weight;
  const inputName = nodes.find(({ opType, input }) => opType === "Gemm" && input[1] === operand)?.input[0];
  if (!inputName) throw new ModelFormatError(`model file: no layer has the weight "${weight}"`);
  const output = [valueInfo({ name: inputName, type: "float32", shape: ["rows", "inputs"] })];
  const more = toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: { output } }));
  const exposed = new Uint8Array(bytes.length + more.length);
  exposed.set(bytes);
  exposed.set(more, bytes.length);
  return { bytes: exposed, inputName };
}

function livePart({ nodes, constants, outputs }: Graph) {
  const live = new Set(outputs.map(({ value }) => value.name));
  const liveNodes = [...nodes].reverse().filter((node) => {
    if (!node.outputs.some(({ name }) => live.has(name))) return false;
    for (const input of node.inputs) if (input) live.add(input.name);
    return true;
  });
  return {
    isRead: (name: string) => live.has(name),
    nodes: liveNodes.reverse(),
    constants: [...constants.values()].filter(({ value }) => live.has(value.name)),
  };
}

function parseModel(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new ModelFormatError(`model file: ${bytes.length} bytes that are no ONNX file`, { cause });
  }
}

function floatTensor(tensor: TensorProto): { shape: number[]; data: Float32Array } {
  const { name, dims, rawData, dataType } = tensor;
  const isHalf = dataType === DataType.FLOAT16;
  const shape = dims.map(Number);
  const count = sizeOf(shape);
  if (rawData.length !== (isHalf ? 2 : 4) * count) {
    throw new ModelFormatError(
      `model file: tensor "${name}" of ${count} numbers holds ${rawData.length} bytes`,
    );
  }
  return {
    shape,
    // A copy, so that it starts at a multiple of four bytes; `slice` of a Node Buffer would not make one. Made when
    // asked for: who reads the description alone saves the size of the file.
    get data() {
      const { buffer } = new Uint8Array(rawData);
      return isHalf ? fromHalf(new Uint16Array(buffer)) : new Float32Array(buffer);
    },
  };
}

const ELEMENT_TYPES: Record<ElementType, DataType> = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  int64: DataType.INT64,
  int32: DataType.INT32,
  bool: DataType.BOOL,
};

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  if ("int" in attribute) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(attribute.int) });
  }
  if ("ints" in attribute) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: attribute.ints.map(BigInt) });
  }
  if ("float" in attribute) {
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: attribute.float });
  }
  const s = new Uint8Array([...attribute.text].map((character) => character.charCodeAt(0)));
  return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s });
}

function tensorProto({ name, type, shape }: Value, data: TensorData) {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return { name, dataType: ELEMENT_TYPES[type], dims: shape.map(BigInt), rawData };
}

function valueInfo({ name, type, shape }: Pick<Value, "name" | "type" | "shape">) {
  const dim = shape.map((length) =>
    typeof length === "number"
      ? { value: { case: "dimValue" as const, value: BigInt(length) } }
      : { value: { case: "dimParam" as const, value: length } },
  );
  const value = { elemType: ELEMENT_TYPES[type], shape: { dim } };
  return { name, type: { value: { case: "tensorType" as const, value } } };
}

function nameAndShape({ name, type }: ValueInfoProto): { name: string; shape: Dim[] } {
  const dims = type?.value.case === "tensorType" ? (type.value.value.shape?.dim ?? []) : [];
  return {
    name,
    shape: dims.map(({ value }) => (value.case === "dimValue" ? Number(value.value) : (value.value ?? ""))),
  };
}

function trimTrailing(names: string[]): string[] {
  const kept = names.findLastIndex((name) => name !== "") + 1;
  return names.slice(0, kept);
}
