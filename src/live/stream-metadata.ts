// What the file of a stream model says of itself, kept in the file's own metadata.

import { ModelFormatError } from "../errors.ts";
import type { Metadata } from "../graph/onnx-file.ts";
import { readOnnx } from "../graph/onnx-file.ts";
import { sizeOf } from "../graph/value.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import type { ModelMetadata } from "../model/model-metadata.ts";
import { isParameter, parseJson, parseNumber } from "../model/model-metadata.ts";
import type { DecoderSettings } from "./digit-decoder.ts";

/** Version of the layout of these files: raised when inputs, outputs or required metadata change. */
export const STREAM_FORMAT_VERSION = 3;

/** Description of a trained stream model. */
export type StreamModelMetadata = Omit<ModelMetadata, "architecture"> & {
  /** How digits are found in what the net answers. */
  decoding: DecoderSettings;
};

/** A stream model's description together with what its file fixes. */
export type StreamModelInfo = StreamModelMetadata & {
  /** Hz. */
  sampleRate: number;
  parameterCount: number;
};

const FORMAT = "spoken-digits-stream";
const DECODER_SETTINGS = ["digitBias", "endBias", "digitPenalty", "minFrames", "lookahead", "beam"] as const;

/** Metadata entries for the file. @param metadata What to say. */
export function encodeStreamMetadata(metadata: StreamModelMetadata): Metadata {
  return {
    format: FORMAT,
    format_version: String(STREAM_FORMAT_VERSION),
    sample_rate: String(SAMPLE_RATE),
    threshold: String(metadata.threshold),
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
    threshold: parseNumber(metadata, "threshold", 0, 1),
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

function parseDecoding(metadata: Metadata): DecoderSettings {
  const decoding = parseJson(metadata, "decoding") as DecoderSettings | null;
  if (DECODER_SETTINGS.every((name) => Number.isFinite(decoding?.[name]))) return decoding!;
  throw new ModelFormatError(
    `stream model: its decoding entry needs the numbers ${DECODER_SETTINGS.join(", ")}, got ${metadata.decoding}`,
  );
}
