// What the file of a stream model says of itself, kept in the file's own metadata.

import { ModelFormatError } from "../errors.ts";
import type { Metadata } from "../graph/onnx-file.ts";
import {
  encodeKind,
  type FileKind,
  type ModelMetadata,
  parseJson,
  readKind,
} from "../model/model-metadata.ts";
import type { Decoding } from "./decoding.ts";

const STREAM_FILE: FileKind = { format: "spoken-digits-stream", version: 5 };

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
  return { ...encodeKind(STREAM_FILE, metadata), decoding: JSON.stringify(metadata.decoding) };
}

/**
 * Reads and checks the description in the file of a stream model.
 *
 * @param bytes A whole file.
 * @throws {ModelFormatError} It is no ONNX file, no stream model, of a newer layout, or its metadata is damaged.
 */
export function readStreamModelInfo(bytes: Uint8Array): StreamModelInfo {
  const { metadata, info } = readKind(bytes, STREAM_FILE);
  return { decoding: parseDecoding(metadata), ...info };
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
