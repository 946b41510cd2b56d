import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeUpModel } from "../../test/support/made-up-model.ts";
import { decodeAudio } from "../audio/decode-audio.ts";
import { prepareRecording } from "../audio/prepare-recording.ts";
import { loadClassifier, nativeRuntime } from "../load-models.ts";
import { type Classifier, createClassifier } from "./classifier.ts";
import { type LabelledTake, teachVoice } from "./teach-voice.ts";

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
let classifier: Classifier;
let takes: LabelledTake[];

beforeAll(async () => {
  classifier = await loadClassifier();
  takes = await Promise.all(
    DIGITS.map(async (label) => {
      const path = fileURLToPath(new URL(`../../fixtures/samples/${label}.wav`, import.meta.url));
      return { ...(await decodeAudio(readFileSync(path))), label };
    }),
  );
});
afterAll(() => classifier.release());

async function probsOf(classifier: Classifier, { samples, sampleRate }: LabelledTake) {
  return classifier.classify(await prepareRecording(samples, { sampleRate }), { sampleRate });
}

describe("a taught voice", () => {
  test("is surer of the speaker's takes, and leaves a classifier without it as it was", async () => {
    const before = await probsOf(classifier, takes[3]!);
    const { profile, problems } = await teachVoice(classifier, takes, { name: "Ada" });
    expect(problems).toEqual(takes.map(() => null));
    const after = await probsOf(classifier.withVoice(profile), takes[3]!);
    expect(after.probs[3]).toBeGreaterThan(before.probs[3]!);
    expect((await probsOf(classifier, takes[3]!)).probs).toEqual(before.probs);
    expect((await probsOf(classifier.withVoice(profile).withVoice(null), takes[3]!)).probs).toEqual(
      before.probs,
    );
  });

  test("turns an accent that all takes agree on into the digit that is meant", async () => {
    // Someone whose "five" sounds as others' "nine" does: twice, so that it is no slip.
    const five = { ...takes[9]!, label: 5 };
    const { profile, problems } = await teachVoice(classifier, [five, { ...five }]);
    expect(problems).toEqual([null, null]);
    const { digit, probs } = await probsOf(classifier.withVoice(profile), five);
    expect([digit, probs.indexOf(Math.max(...probs))]).toContain(5);
  });

  test("gives a batch the answers that each gets alone", async () => {
    const { profile } = await teachVoice(classifier, takes);
    const taught = classifier.withVoice(profile);
    const clips = takes.map(({ samples }) => samples);
    const { sampleRate } = takes[0]!;
    const [first, second] = await taught.classifyBatch(clips, { sampleRate });
    expect(first!.probs).toEqual((await taught.classify(clips[0]!, { sampleRate })).probs);
    expect(second!.probs[1]).toBeCloseTo((await taught.classify(clips[1]!, { sampleRate })).probs[1]!, 4);
  });

  test("is refused by another model", async () => {
    const { profile } = await teachVoice(classifier, takes);
    const other = await createClassifier(await nativeRuntime(), madeUpModel());
    expect(() => other.withVoice(profile)).toThrow(expect.objectContaining({ code: "voice-format" }));
    await other.release();
    await expect(loadClassifier({ model: "standard", voice: profile })).rejects.toMatchObject({
      code: "voice-format",
    });
  });
});

describe("takes in which something is wrong", () => {
  const changed = (take: LabelledTake, change: (sample: number, i: number) => number) => ({
    ...take,
    samples: take.samples.map(change),
  });
  const noise = (i: number) => Math.sin(i * i * 12.9898) * 0.5;

  test.each<[string, (take: LabelledTake) => LabelledTake]>([
    ["silent", (take) => changed(take, () => 0)],
    ["clipped", (take) => changed(take, (sample) => Math.max(-1, Math.min(1, sample * 1000)))],
    ["noisy", (take) => changed(take, (sample, i) => sample + noise(i))],
    ["wrong", (take) => ({ ...take, label: (take.label + 1) % 10 })],
  ])("a %s one is named and left out", async (problem, spoil) => {
    const { profile, problems } = await teachVoice(classifier, [spoil(takes[7]!), ...takes.slice(0, 3)]);
    expect(problems).toEqual([problem, null, null, null]);
    expect(profile.takes).toHaveLength(3);
  });

  test("where no take is left there is no profile", async () => {
    const silent = changed(takes[7]!, () => 0);
    await expect(teachVoice(classifier, [silent])).rejects.toMatchObject({ code: "voice-takes" });
  });

  test.each([
    ["a label that is no digit", () => [{ ...takes[0]!, label: 10 }]],
    ["no takes", () => []],
    ["too many takes", () => new Array<LabelledTake>(201).fill(takes[0]!)],
  ])("%s is an error of the caller", async (_, list) => {
    await expect(teachVoice(classifier, list())).rejects.toMatchObject({ code: "invalid-argument" });
  });
});
