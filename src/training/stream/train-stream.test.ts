import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpWords } from "../../../test/support/made-up-words.ts";
import { findActiveSpan } from "../../audio/active-span.ts";
import { decodeAudio } from "../../audio/decode-audio.ts";
import { encodeWav } from "../../audio/encode-wav.ts";
import { resample } from "../../audio/resample.ts";
import type { Dataset } from "../../corpus/dataset.ts";
import type { Label, Recording } from "../../corpus/recording.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { readStreamModelInfo } from "../../live/stream-metadata.ts";
import { STATE_HOP, STATES_PER_DIGIT } from "../../live/stream-net.ts";
import { loadStreamModel } from "../../load-models.ts";
import { readStart } from "../start-weights.ts";
import type { RunOptions } from "../training-run.ts";
import { createStreamRecipe } from "./stream-recipe.ts";
import { alignedFrames, trainStreamModel } from "./train-stream.ts";

const RECIPE = createStreamRecipe({ steps: 4, batchSize: 4, groupSize: 2 });
const SEVEN = new URL("../../../fixtures/samples/7.wav", import.meta.url);
const INTERVALS = { record: 2, validation: 2, checkpoint: 2 };
let folder: string;
let digits: Dataset[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "train-stream-"));
  const words = madeUpWords(2).filter(({ digit }) => digit !== null);
  const recordings = words.map(async ({ samples, digit, speaker }, i): Promise<Recording> => {
    const path = join(folder, `${i}.wav`);
    await writeFile(path, encodeWav(samples, { sampleRate: 8000 }));
    return { path, label: digit as Label, speaker, corpus: "fsdd" };
  });
  digits = [{ role: "digits", recordings: await Promise.all(recordings) }];
});
afterAll(() => rm(folder, { recursive: true }));

const run = (name: string, options: Partial<RunOptions> & { steps?: number } = {}) => {
  const { steps = RECIPE.steps, ...others } = options;
  const data = { train: digits, validation: digits };
  return trainStreamModel({ ...RECIPE, steps }, data, {
    folder: join(folder, name),
    intervals: INTERVALS,
    ...others,
  });
};

describe("trainStreamModel", () => {
  it("gives the same model with one worker and with two, and writes its log and curves", async () => {
    const [one, two] = [await run("one", { workers: 1 }), await run("two", { workers: 2 })];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
    expect((await readFile(join(folder, "one", "model.onnx"))).equals(Buffer.from(one))).toBe(true);
    const lines = (await readFile(join(folder, "one", "log.jsonl"), "utf8")).trim().split("\n");
    const records = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(records.map(({ step }) => step)).toEqual([2, 4]);
    for (const { loss, validationAccuracy } of records) {
      expect(loss).toBeGreaterThan(0);
      expect(validationAccuracy).toBeGreaterThanOrEqual(0);
      expect(validationAccuracy).toBeLessThanOrEqual(1);
    }
    expect(await readFile(join(folder, "one", "curves.svg"), "utf8")).toContain("<svg");
    expect(readStreamModelInfo(one).training).toMatchObject({
      architecture: "stream",
      steps: 4,
      corpora: ["fsdd"],
    });
    const start = await readStart(join(folder, "one", "checkpoint.onnx"));
    expect(start).toMatchObject({ recipe: RECIPE, corpora: ["fsdd"] });
  });

  it("goes on from its checkpoint, and refuses one of another recipe", async () => {
    const model = await run("again", { workers: 1 });
    expect(Buffer.from(await run("again", { workers: 1, resume: true })).equals(Buffer.from(model))).toBe(
      true,
    );
    await expect(run("again", { workers: 1, resume: true, steps: 6 })).rejects.toThrow(/another recipe/);
  });

  it("never starts from the checkpoint that it would write over", async () => {
    await run("kept", { workers: 1 });
    const checkpoint = join(folder, "kept", "checkpoint.onnx");
    const before = await readFile(checkpoint);
    await expect(run("kept", { workers: 1, startFrom: checkpoint })).rejects.toThrow(
      /cannot be started from in its own folder/,
    );
    expect((await readFile(checkpoint)).equals(before)).toBe(true);
    await run("more", { workers: 1, startFrom: checkpoint });
    const { corpora } = await readStart(join(folder, "more", "checkpoint.onnx"));
    expect(corpora).toEqual(["fsdd"]);
  });

  it("begun anew, forgets the checkpoint that was there before its first step", async () => {
    await run("anew", { workers: 1 });
    const stop = new Error("stopped");
    const onRecord = () => {
      throw stop;
    };
    await expect(run("anew", { workers: 1, overwrite: true, onRecord })).rejects.toBe(stop);
    await expect(readStart(join(folder, "anew", "checkpoint.onnx"))).rejects.toThrow(/there is none/);
  });

  it("refuses a recipe out of range", () => {
    expect(() => createStreamRecipe({ steps: 0 })).toThrow(InvalidArgumentError);
    expect(() => createStreamRecipe({ batchSize: 33 })).toThrow(InvalidArgumentError);
  });
});

describe("alignedFrames", () => {
  it("hears a digit in the frames at which it is said, however long the recording", async () => {
    const [model, clip] = await Promise.all([loadStreamModel(), decodeAudio(await readFile(SEVEN))]);
    const seven = resample(clip.samples, { sourceRate: clip.sampleRate, targetRate: 8000 });
    const { start, end } = findActiveSpan(seven, { sampleRate: 8000 });
    for (const silence of [0, 8000, 100_000]) {
      const samples = new Float32Array(silence + seven.length);
      samples.set(seven, silence);
      const frames = await alignedFrames(model, samples);
      expect(frames).toHaveLength(Math.ceil(samples.length / STATE_HOP));
      const said = frames.flatMap((row, frame) => (ofSeven(row) > 0.5 ? [frame] : []));
      const [first, last] = [said[0]!, said.at(-1)! + 1].map((frame) => frame * STATE_HOP - silence);
      expect(said.length).toBeGreaterThan(4);
      expect(Math.abs(first! - start)).toBeLessThan(12 * STATE_HOP);
      expect(Math.abs(last! - end)).toBeLessThan(4 * STATE_HOP);
    }
    expect(await alignedFrames(model, new Float32Array(0))).toEqual([]);
    await model.release();
  });
});

const ofSeven = (row: Float32Array) =>
  row
    .subarray(1 + 7 * STATES_PER_DIGIT, 1 + 8 * STATES_PER_DIGIT)
    .reduce((sum, value) => sum + Math.exp(value), 0);
