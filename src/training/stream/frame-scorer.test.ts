import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { madeUpStreamWeights } from "../../../test/support/made-up-stream-model.ts";
import { OUTPUT_COUNT } from "../../live/stream-net.ts";
import { createRandom } from "../../random.ts";
import { createFrameScorer } from "./frame-scorer.ts";

describe("createFrameScorer", () => {
  it("gives a frame of probabilities for every 256 samples, however long the recording", async () => {
    const scorer = await createFrameScorer(ort, madeUpStreamWeights());
    const random = createRandom(4);
    const long = Float32Array.from({ length: 90_000 }, () => 0.1 * random.normal());
    const [all, few] = [await scorer.score(long), await scorer.score(long.subarray(0, 300))];
    expect([all.length, few.length]).toEqual([352, 2]);
    for (const row of [...all, ...few]) {
      expect(row).toHaveLength(OUTPUT_COUNT);
      expect(row.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 4);
    }
    expect(await scorer.score(new Float32Array(0))).toEqual([]);
    await scorer.release();
  });

  it("hears a sound at the frame at which it is, wherever the windows lie", async () => {
    const scorer = await createFrameScorer(ort, madeUpStreamWeights());
    const random = createRandom(5);
    const noise = Float32Array.from({ length: 60_000 }, () => 0.1 * random.normal());
    const later = new Float32Array(60_000 + 256 * 11);
    later.set(noise, 256 * 11);
    const [rows, shifted] = [await scorer.score(noise), await scorer.score(later)];
    // The level of a window is its own, and differs a little from that of another.
    for (let t = 60; t < 200; t++) expect(shifted[t + 11]![0]!).toBeCloseTo(rows[t]![0]!, 0);
    await scorer.release();
  });
});
