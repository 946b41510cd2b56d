import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpStreamModel, madeUpStreamWeights } from "../../test/support/made-up-stream-model.ts";
import { saveCheckpoint } from "./checkpoint.ts";
import { readStart } from "./start-weights.ts";
import { buildStreamStep } from "./stream/stream-step.ts";
import { weightLayout } from "./weight-layout.ts";

const LAYOUT = weightLayout(buildStreamStep({ batchSize: 1, warpFactors: [1] }));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "start-weights-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

describe("readStart", () => {
  it("takes those of a finished model, as exactly as it stores them", async () => {
    const path = await fileOf("model.onnx", madeUpStreamModel({ training: { corpora: ["an4"] } }));
    const { corpora, weights: weightsFor } = await readStart(path);
    const flat = weightsFor(LAYOUT);
    const weights = madeUpStreamWeights();
    for (const { name, offset, length } of [...LAYOUT.parameters, ...LAYOUT.statistics]) {
      const stored = flat.subarray(offset, offset + length);
      weights.get(name)!.data.forEach((value, i) => {
        expect(Math.abs(stored[i]! - value)).toBeLessThanOrEqual(1e-3 * Math.abs(value) + 1e-6);
      });
    }
    expect(corpora).toEqual(["an4"]);
  });

  it("takes the moving average of a checkpoint", async () => {
    const zeros = () => new Float32Array(LAYOUT.size);
    const state = { step: 1, weights: zeros(), average: zeros().fill(0.5), m: zeros(), v: zeros() };
    const path = join(folder, "checkpoint.onnx");
    await saveCheckpoint(path, state, { run: '{"recipe":{}}', corpora: ["fsdd"] });
    const start = await readStart(path);
    expect(start.weights(LAYOUT)).toEqual(state.average);
    expect(start.corpora).toEqual(["fsdd"]);
  });

  it("refuses a model of another net, a damaged file and none", async () => {
    const model = madeUpStreamModel();
    const path = await fileOf("model.onnx", model);
    const other = { ...LAYOUT, parameters: [{ name: "other.weight", shape: [2], offset: 0, length: 2 }] };
    const start = await readStart(path);
    expect(() => start.weights(other)).toThrow(
      expect.objectContaining({
        code: "checkpoint-format",
        message: expect.stringContaining("of another net"),
      }),
    );
    const damaged = await fileOf("damaged.onnx", model.slice(0, -100));
    await expect(readStart(damaged)).rejects.toThrow(/damaged/);
    await expect(readStart(join(folder, "no"))).rejects.toThrow(/there is none/);
  });
});
