// What the file of a stream model says of itself, kept in the file's own metadata.

import { ModelFormatError } from "../errors.ts";
import type { Metadata } from "../graph/onnx-file.ts";
import { readOnnx } from "../graph/onnx-file.ts";
import { sizeOf } from "../graph/value.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import type { ModelMetadata } from "../model/model-metadata.ts";
import { isParameter, parseJson, parseNumber } from "../model/model-metadata.ts";
import type { Decoding } from "./decoding.ts";

/** Version of the layout of these files: raised when inputs, outputs or required metadata change. */
const STREAM_FORMAT_VERSION = 5;

/** Description of a trained stream model. */
export type StreamModelMetadata = Omit<ModelMetadata, "architecture" | "threshold"> & {
  /** How digits are found in what the net outputs, in each way of listening. */
  decoding: Decoding;
};

/** A stream model's description together with what its file fixes. */
export type StreamModelInfo = StreamModelMetadata & {
  /** Hz. */
  sampleRate: number;
  parameterCount: number;
};

const FORMAT = "spoken-digits-stream";
const LISTENING_SETTINGS = [
  "threshold",
  "otherCost",
  "digitBias",
  "endBias",
  "digitPenalty",
  "otherPenalty",
  "minFrames",
  "lookahead",
  "beam",
] as const;
const NUMBER_SETTINGS = [
  "digitCost",
  "entryCost",
  "maxGapMs",
  "aloneQuietMs",
  "aloneContrastDb",
  "aloneConfidence",
] as const;
/** The settings that each part of the decoding entry has. */
const DECODING: { [Part in keyof Decoding]: readonly (keyof Decoding[Part] & string)[] } = {
  any: LISTENING_SETTINGS,
  digits: LISTENING_SETTINGS,
  numbers: [...LISTENING_SETTINGS, ...NUMBER_SETTINGS],
  stringConfidence: ["offset", "margin", "confidence"],
};

/** Metadata entries for the file. @param metadata What to say. */
export function encodeStreamMetadata(metadata: StreamModelMetadata): Metadata {
  return {
    format: FORMAT,
    format_version: String(STREAM_FORMAT_VERSION),
    sample_rate: String(SAMPLE_RATE),
    decoding: JSON.stringify(metadata.decoding),
    training_data: metadata.trainingData,
    training: JSON.stringify(metadata.training),
    accuracy: JSON.stringify(metadata.accuracy),
    license: "MIT",
  };
}

/**
 * Reads and checks the description in the file of a stream model.
 *
 * @param bytes A whole file.
 * @throws {ModelFormatError} It is no ONNX file, no stream model, of a newer layout, or its metadata is damaged.
 */
export function readStreamModelInfo(bytes: Uint8Array): StreamModelInfo {
  if (bytes.length === 0) throw new ModelFormatError("stream model: the file is empty");
  const { metadata, constants } = readOnnx(bytes);
  if (metadata.format !== FORMAT) {
    throw new ModelFormatError(
      `stream model: the file is none, expected the format ${FORMAT}, got ${metadata.format}`,
    );
  }
  if (metadata.format_version !== String(STREAM_FORMAT_VERSION)) {
    throw new ModelFormatError(
      `stream model: layout version must be ${STREAM_FORMAT_VERSION}, got ${metadata.format_version}`,
    );
  }
  return {
    sampleRate: parseNumber(metadata, "sample_rate", SAMPLE_RATE, SAMPLE_RATE),
    decoding: parseDecoding(metadata),
    trainingData: metadata.training_data ?? "",
    training: parseJson(metadata, "training") as Record<string, unknown>,
    accuracy: parseJson(metadata, "accuracy") as Record<string, number>,
    parameterCount: [...constants].reduce(
      (sum, [name, { shape }]) => (isParameter(name) ? sum + sizeOf(shape) : sum),
      0,
    ),
  };
}

function parseDecoding(metadata: Metadata): Decoding {
  const decoding = parseJson(metadata, "decoding") as Record<
    string,
    Record<string, unknown> | undefined
  > | null;
  for (const [part, names] of Object.entries(DECODING)) {
    const missing = names.find((name) => !Number.isFinite(decoding?.[part]?.[name]));
    if (missing === undefined) continue;
    throw new ModelFormatError(
      `stream model: its decoding entry needs a number ${part}.${missing}, got ${metadata.decoding}`,
    );
  }
  return decoding as unknown as Decoding;
}
