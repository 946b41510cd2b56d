import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSmallCorpora } from "../../test/support/made-up-corpora.ts";
import { locateCorpora } from "../corpus/find-corpus.ts";
import { type HeldOutMaterial, readHeldOutMaterial } from "./held-out-material.ts";
import { measureModel } from "./measure-model.ts";

let folder: string;
let material: HeldOutMaterial;
beforeAll(async () => {
  folder = await makeSmallCorpora();
  material = await readHeldOutMaterial(await locateCorpora({ data: folder }));
});
afterAll(() => rm(folder, { recursive: true }));

/** Hears a seven in whatever is not silent, and is sure of it. */
const classify = async (samples: Float32Array) => {
  const heard = samples.some((value) => Math.abs(value) > 0.01);
  return { topDigit: 7, digit: heard ? 7 : null, confidence: 0.9 };
};

describe("measureModel", () => {
  it("measures digits by test, what is no digit, and every condition", async () => {
    const { digits, rejection, robustness } = await measureModel({ classify, material });
    expect(digits["speech-commands-validation"]).toMatchObject({ n: 3, accepted: 1, nSpeakers: 2 });
    expect(digits["speech-commands-validation"]!.accuracy).toBeCloseTo(2 / 3, 9);
    expect(digits["fsdd-official"]).toMatchObject({ n: 2, accuracy: 0.5, acceptedRight: 0.5 });
    expect(rejection.words["unheard-words"]).toEqual({
      n: 2,
      answered: 2,
      byKind: { cat: { n: 1, answered: 1 }, yes: { n: 1, answered: 1 } },
    });
    expect(rejection.words["other-speech"]!.byKind).toEqual({ an4: { n: 1, answered: 1 } });
    expect(Object.keys(rejection.noise.byKind)).toEqual(["rain", "running_tap"]);
    expect(rejection.silence.answered).toBe(0);
    expect(robustness["fsdd-official"]!.rows[0]).toMatchObject({ group: "clean", plain: { accuracy: 0.5 } });
    expect(robustness["fsdd-official"]!.rows.some(({ group }) => group === "recorded noise")).toBe(true);
  });

  it("tries only as many damaged clips as it is told, the same for the same seed", async () => {
    const inputs: number[] = [];
    const count = async (samples: Float32Array) => {
      inputs.push(samples.length);
      return classify(samples);
    };
    const measure = (seed: number) => measureModel({ classify: count, material, limit: 1, seed });
    const first = await measure(1);
    expect(first.robustness["speech-commands-validation"]!.n).toBe(1);
    expect(first.digits["speech-commands-validation"]!.n).toBe(3);
    expect(await measure(1)).toEqual(first);
  });

  it("names what it is at, and ends when it is called off", async () => {
    const stages = new Set<string>();
    await measureModel({ classify, material, limit: 1, onProgress: (stage) => stages.add(stage) });
    expect([...stages]).toEqual([
      "speech-commands-validation",
      "speech-commands-validation, damaged",
      "fsdd-official",
      "fsdd-official, damaged",
      "words, noise and silence",
    ]);
    const signal = AbortSignal.abort(new Error("called off"));
    await expect(measureModel({ classify, material, signal })).rejects.toThrow("called off");
  });

  it("passes an error of the classifier on", async () => {
    const failing = () => Promise.reject(new Error("no model"));
    await expect(measureModel({ classify: failing, material })).rejects.toThrow("no model");
  });
});
