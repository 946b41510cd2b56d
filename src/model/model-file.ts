// Model files of every kind: their checksum, how the runtime runs them, and how they are kept.
//
// A model file ends in a checksum of all that comes before it, so that a damaged file is refused instead of predicting
// nonsense. It is one more metadata entry in the ONNX format (a repeated field may be appended), and other programs
// read past it.
//
// CRC-32 as in ISO 3309 (the one of zip and PNG).

import type { InferenceSession } from "onnxruntime-common";
import { ModelFormatError } from "../errors.ts";
import type { OnnxRuntime } from "../graph/program.ts";

/** Field 14 (metadata_props) of ModelProto, 17 bytes long: key (field 1) "crc32", value (field 2) 8 hex digits. */
const ENTRY_HEAD = [0x72, 17, 0x0a, 5, 0x63, 0x72, 0x63, 0x33, 0x32, 0x12, 8];
const ENTRY_LENGTH = ENTRY_HEAD.length + 8;

/** Appends the checksum. @param bytes An ONNX file without one. @returns A new array. */
export function withChecksum(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes.length + ENTRY_LENGTH);
  whole.set(bytes);
  whole.set(entryFor(bytes), bytes.length);
  return whole;
}

/**
 * Checks that a file is complete and unchanged.
 *
 * @param bytes A whole file.
 * @returns The checksum, 8 hex digits.
 * @throws {ModelFormatError} It is empty, carries no checksum, or another one.
 */
export function verifyChecksum(bytes: Uint8Array): string {
  const body = bytes.subarray(0, Math.max(0, bytes.length - ENTRY_LENGTH));
  const entry = bytes.subarray(body.length);
  if (!ENTRY_HEAD.every((byte, i) => entry[i] === byte)) {
    throw new ModelFormatError(
      `model file: ${bytes.length} bytes without the checksum that spoken-digits ends a model with`,
    );
  }
  if (entryFor(body).some((byte, i) => entry[i] !== byte)) {
    throw new ModelFormatError("model file: damaged, its checksum does not match; get it anew");
  }
  return String.fromCharCode(...entry.subarray(ENTRY_HEAD.length));
}

/** How a model is run. */
export type SessionSettings = {
  /** Threads for one call. Default: 1. */
  threads?: number;
  /** Passed to the runtime as they are. */
  sessionOptions?: InferenceSession.SessionOptions;
};

/** A model that the runtime has loaded. */
export type ModelSession = Pick<InferenceSession, "run"> & {
  /** Frees the memory; may be called twice. */
  release(): Promise<void>;
};

/**
 * Loads a model into a runtime.
 *
 * @param ort `onnxruntime-node`, `onnxruntime-web` or another of their kind.
 * @param bytes A model file.
 * @param options See {@link SessionSettings}.
 * @throws {ModelFormatError} The runtime cannot load it.
 */
export async function openSession(
  ort: OnnxRuntime,
  bytes: Uint8Array,
  options: SessionSettings,
): Promise<ModelSession> {
  const settings = {
    intraOpNumThreads: options.threads ?? 1,
    interOpNumThreads: 1,
    // A thread that waits gives its core away. Where other programs run, two threads that wait by spinning answer half as
    // many clips a second as one alone; with both cores free, not spinning costs them an estimated 15-30 %.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
    ...options.sessionOptions,
  };
  const session = await ort.InferenceSession.create(bytes, settings).catch((cause: unknown) => {
    throw new ModelFormatError("model file: the runtime cannot load it", { cause });
  });
  let released: Promise<void> | undefined;
  return {
    run: session.run.bind(session),
    release() {
      released ??= session.release();
      return released;
    },
  };
}

/** Keeps what was loaded; after a failure the next call tries again. @param load Called at the first need. */
export function loadOnce<Model>(load: () => Promise<Model>): () => Promise<Model> {
  let loading: Promise<Model> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

function entryFor(bytes: Uint8Array): Uint8Array {
  const hex = crc32(bytes).toString(16).padStart(8, "0");
  return Uint8Array.from([...ENTRY_HEAD, ...Array.from(hex, (digit) => digit.charCodeAt(0))]);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (let i = 0; i < bytes.length; i++)
    remainder = (remainder >>> 8) ^ CRC_TABLE[(remainder ^ bytes[i]!) & 0xff]!;
  return (remainder ^ 0xffffffff) >>> 0;
}
