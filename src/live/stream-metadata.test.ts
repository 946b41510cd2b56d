import { describe, expect, it } from "vitest";
import { madeUpModel } from "../../test/support/made-up-model.ts";
import { madeUpStreamModel } from "../../test/support/made-up-stream-model.ts";
import { ModelFormatError } from "../errors.ts";
import { Graph } from "../graph/graph.ts";
import type { Metadata } from "../graph/onnx-file.ts";
import { readOnnx, writeOnnx } from "../graph/onnx-file.ts";
import { readStreamModelInfo } from "./stream-metadata.ts";

/** A file with the metadata of a stream model, changed. */
function withMetadata(changes: Metadata): Uint8Array {
  const graph = new Graph();
  graph.output("log_probs", graph.scalar(0));
  return writeOnnx(graph, { metadata: { ...readOnnx(madeUpStreamModel()).metadata, ...changes } });
}

describe("readStreamModelInfo", () => {
  it("reads what such a file says", () => {
    expect(readStreamModelInfo(withMetadata({})).decoding.any.minFrames).toBe(4);
  });

  it("refuses an empty file, a classifier, and another layout", () => {
    for (const [bytes, message] of [
      [new Uint8Array(0), "model file: it is empty"],
      [
        madeUpModel(),
        "model file: it says which digit a recording holds, and hears none said one after another; use it with predict or serve",
      ],
      [withMetadata({ format_version: "9" }), "model file: layout version must be 5, got 9"],
    ] as const) {
      expect(() => readStreamModelInfo(bytes)).toThrow(new ModelFormatError(message));
    }
  });

  it("refuses settings that are damaged or out of range", () => {
    for (const changes of [
      { sample_rate: "16000" },
      { decoding: "{" },
      { decoding: "null" },
      { decoding: '{"any":{"digitBias":1}}' },
    ] as Metadata[]) {
      expect(() => readStreamModelInfo(withMetadata(changes))).toThrow(ModelFormatError);
    }
  });
});
