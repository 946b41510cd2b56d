import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { modelPath } from "../src/load-models.ts";

const run = async (script: string, ...args: string[]): Promise<unknown> => {
  const path = fileURLToPath(new URL(`./runtime/${script}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", path, ...args]);
  return JSON.parse(stdout);
};

describe("onnxruntime-web and onnxruntime-node", () => {
  it("give the same losses in training", async () => {
    const [native, web] = (await Promise.all([
      run("training-steps.ts", "node"),
      run("training-steps.ts", "web"),
    ])) as [number[], number[]];
    expect(native).toHaveLength(4);
    native.forEach((loss, i) => {
      expect(web[i]).toBeCloseTo(loss, 3);
    });
    expect(new Set(native).size).toBe(native.length);
  });

  it.each(["compact", "standard"])("give the same probabilities with %s.onnx", async (model) => {
    const [native, web] = (await Promise.all([
      run("predictions.ts", "node", modelPath(model)),
      run("predictions.ts", "web", modelPath(model)),
    ])) as [number[][], number[][]];
    expect(native).toHaveLength(10);
    native.forEach((probs, digit) => {
      expect(probs.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      probs.forEach((p, k) => {
        expect(Math.abs(p - web[digit]![k]!), `sample ${digit}, class ${k}`).toBeLessThan(1e-4);
      });
    });
  });
});
