import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpStreamModel } from "../../test/support/made-up-stream-model.ts";
import { decodeAudio } from "../audio/decode-audio.ts";
import { loadClassifier, loadStreamModel } from "../load-models.ts";
import { type LabelledTake, teachVoice } from "../model/teach-voice.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import { createStreamModel, type StreamModel } from "./stream-model.ts";
import { FEATURE_COUNT, OUTPUT_COUNT } from "./stream-net.ts";
import { applyVoiceInPlace, fitStreamVoice } from "./stream-voice.ts";
import { transcribe } from "./transcribe.ts";

let model: StreamModel;
let takes: LabelledTake[];

beforeAll(async () => {
  model = await loadStreamModel();
  takes = await Promise.all(
    [7, 9].map(async (label) => {
      const path = fileURLToPath(new URL(`../../fixtures/samples/${label}.wav`, import.meta.url));
      return { ...(await decodeAudio(readFileSync(path))), label };
    }),
  );
});
afterAll(() => model.release());

async function profileOf(taken: readonly LabelledTake[]): Promise<VoiceProfile> {
  const classifier = await loadClassifier();
  const { profile } = await teachVoice(classifier, taken, { streamModel: model });
  await classifier.release();
  return profile;
}

const hear = async (with_: StreamModel, { samples, sampleRate }: LabelledTake) =>
  (await transcribe(with_, samples, { sampleRate, expect: "digits" })).events;

describe("a voice in a stream", () => {
  it("has three states a take, and is surer of the speaker's digit", async () => {
    const profile = await profileOf(takes);
    expect(profile.stream).toMatchObject({ model: model.checksum });
    expect(profile.stream!.states).toHaveLength(6);
    const [before] = await hear(model, takes[1]!);
    const [after] = await hear(model.withVoice(profile), takes[1]!);
    expect([before!.digit, after!.digit]).toEqual([9, 9]);
    expect(after!.confidence).toBeGreaterThan(before!.confidence);
    expect(await hear(model.withVoice(profile).withVoice(null), takes[1]!)).toEqual([before]);
  });

  it("hears the digit that is meant where all takes agree on an accent", async () => {
    const five = { ...takes[1]!, label: 5 };
    const taught = model.withVoice(await profileOf([five, five, five]));
    const digitsOf = async (by: StreamModel) => (await hear(by, five)).map(({ digit }) => digit);
    expect(await digitsOf(model)).toEqual([9]);
    expect(await digitsOf(taught)).toContain(5);
  });

  it("changes nothing where it was taught for single digits alone", async () => {
    const { stream: _, ...single } = await profileOf(takes);
    expect(await hear(model.withVoice(single), takes[0]!)).toEqual(await hear(model, takes[0]!));
  });

  it("is refused by another model, and by its own where its numbers do not fit", async () => {
    const profile = await profileOf(takes);
    const other = await createStreamModel(ort, madeUpStreamModel());
    const refused = expect.objectContaining({ code: "voice-format" });
    expect(() => other.withVoice(profile)).toThrow(refused);
    const short = { ...profile.stream!, states: [{ features: [1], weights: [1] }] };
    expect(() => model.withVoice({ ...profile, stream: short })).toThrow(refused);
    await other.release();
  });
});

describe("applyVoiceInPlace", () => {
  const frame = (direction: number) => {
    const features = new Float32Array(FEATURE_COUNT);
    features[direction] = 2;
    return { logProbs: new Float32Array(OUTPUT_COUNT).fill(-Math.log(OUTPUT_COUNT)), features };
  };
  const features = Array.from({ length: FEATURE_COUNT }, (_, i) => (i === 0 ? 1 : 0));
  const weights = Array.from({ length: OUTPUT_COUNT }, (_, k) => (k === 4 ? 2 : 0));
  const voice = { model: "0123abcd", reach: 0.5, caution: 1, states: [{ features, weights }] };

  it("leaves probabilities that sum to 1, with a little more for none", () => {
    const near = frame(0);
    applyVoiceInPlace(near, voice);
    const probs = Array.from(near.logProbs, Math.exp);
    expect(probs.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(probs[4]! / probs[5]!).toBeCloseTo(Math.exp(2), 3);
    expect(probs[0]! / probs[5]!).toBeCloseTo(Math.E, 4);
  });

  it("leaves a frame that is near to no state as it is", () => {
    const far = frame(1);
    applyVoiceInPlace(far, voice);
    expect(far.logProbs).toEqual(frame(1).logProbs);
  });
});

it("fitStreamVoice has nothing to learn from takes without room for a word", () => {
  expect(fitStreamVoice([{ label: 3, frames: [] }])).toBeNull();
});
