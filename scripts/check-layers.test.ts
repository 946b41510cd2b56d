import { describe, expect, test } from "vitest";
import { findLayerFaults } from "./check-layers.ts";

function faultsOf(files: Record<string, string>): string[] {
  return findLayerFaults(new Map(Object.entries(files)));
}

describe("findLayerFaults", () => {
  test("accepts imports from earlier layers, from the same folder and of the shared files", () => {
    const source = [
      'import { decodeAudio } from "../audio/decode-audio.ts";',
      'import type { Mel } from "./mel.ts";',
      'import { InvalidArgumentError } from "../errors.ts";',
    ].join("\n");
    expect(faultsOf({ "src/model/a.ts": source })).toEqual([]);
  });

  test("names file, line and layers of an import that goes the other way", () => {
    const source = 'import { a } from "./b.ts";\nimport { classify } from "../model/classifier.ts";';
    expect(faultsOf({ "src/audio/a.ts": source })).toEqual([
      "src/audio/a.ts:2: audio must not import from model",
    ]);
  });

  test.each([
    ['import type { A } from "../graph/a.ts";', "a type"],
    ['export * from "../graph/a.ts";', "a re-export"],
    ['const a = await import("../graph/a.ts");', "an import at run time"],
  ])("refuses %s between neighbours of one row (%s)", (source) => {
    expect(faultsOf({ "src/audio/a.ts": source })).toHaveLength(1);
  });

  test("keeps the arithmetic of training apart from the rest of it", () => {
    const files = {
      "src/training/trainer.ts": 'import { step } from "./arithmetic/step.ts";',
      "src/training/arithmetic/step.ts": 'import { settings } from "../settings.ts";',
    };
    expect(faultsOf(files)).toEqual([
      "src/training/arithmetic/step.ts:1: training/arithmetic must not import from training",
    ]);
  });

  test("refuses modules of Node.js and ONNX runtimes in portable folders only", () => {
    const source =
      'import { readFile } from "node:fs/promises";\nimport "onnxruntime-node";\nimport "onnxruntime-common";';
    expect(faultsOf({ "src/model/a.ts": source, "src/corpus/a.ts": source })).toEqual([
      "src/model/a.ts:1: model runs anywhere and must not import node:fs/promises",
      "src/model/a.ts:2: model takes the ONNX runtime as an argument and must not import onnxruntime-node",
    ]);
  });

  test("lets the entry for Node.js and tests import modules of Node.js", () => {
    const source = 'import { readFile } from "node:fs/promises";\nimport "onnxruntime-node";';
    expect(faultsOf({ "src/load-models.ts": source, "src/model/a.test.ts": source })).toEqual([]);
  });

  test("lets nobody import that entry who runs anywhere", () => {
    const source = 'import { loadClassifier } from "../load-models.ts";';
    expect(faultsOf({ "src/cli/a.ts": source, "src/recordings/a.ts": source })).toEqual([
      "src/recordings/a.ts:1: recordings runs anywhere and must not import src/load-models.ts",
    ]);
  });

  test("refuses a folder it does not know and files outside src/", () => {
    const files = {
      "src/misc/a.ts": 'import { a } from "../audio/a.ts";',
      "src/audio/a.ts": 'import { b } from "../../bench/b.ts";',
    };
    expect(faultsOf(files)).toEqual([
      "src/misc/a.ts:1: src/misc is no known layer",
      "src/audio/a.ts:1: bench/b.ts is outside src/",
    ]);
  });

  test("lets the public surface import from every layer and nobody import it", () => {
    const files = {
      "src/index.ts": 'export { train } from "./training/trainer.ts";',
      "src/cli/a.ts": 'import { train } from "../index.ts";',
    };
    expect(faultsOf(files)).toEqual([
      expect.stringMatching(/^src\/cli\/a\.ts:1: src\/index\.ts is not shared, only .*src\/errors\.ts/),
    ]);
  });
});
