import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fixture, sayDigits } from "../../../test/web/page-actions.ts";
import type { AudioClip } from "../../audio/audio-clip.ts";
import { decodeAudio } from "../../audio/decode-audio.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import { loadClassifier, loadStreamModel } from "../../load-models.ts";
import type { Classifier } from "../../model/classifier.ts";
import { recognise } from "./recognise.ts";
import type { ListeningOptions, Utterance } from "./utterance.ts";

const ANYTHING: ListeningOptions = { expect: "any", length: null, voice: null };

let model: StreamModel;
let classifier: Classifier;

beforeAll(async () => {
  [model, classifier] = await Promise.all([loadStreamModel(), loadClassifier()]);
});
afterAll(() => Promise.all([model.release(), classifier.release()]));

const streamModel = vi.fn<() => StreamModel | Promise<StreamModel>>(() => model);
const onProgress = vi.fn<(doneMs: number, totalMs: number) => unknown>();

function hear(clip: AudioClip, listeningOptions: ListeningOptions = ANYTHING): Promise<Utterance> {
  return recognise(clip, { classifier, streamModel, onProgress, listeningOptions });
}

async function say(...digits: number[]): Promise<AudioClip> {
  return { samples: await sayDigits(digits, 200), sampleRate: 8000 };
}

describe("recognise", () => {
  it("finds the digits of a number, in their order and where they were said", async () => {
    const { digits, none, prediction } = await hear(await say(1, 6, 6, 0));
    expect(digits.map(({ digit }) => digit)).toEqual([1, 6, 6, 0]);
    expect([none, prediction]).toEqual([null, null]);
    for (const [i, { startMs }] of digits.slice(1).entries())
      expect(startMs).toBeGreaterThan(digits[i]!.endMs);
  });

  it("answers for one digit as the classifier does, with its rivals", async () => {
    const clip = await decodeAudio(readFileSync(fixture("samples/7.wav")));
    const { digits, prediction } = await hear(clip);
    const seen = await classifier.classify(clip.samples, { sampleRate: clip.sampleRate });
    expect(prediction?.probs).toEqual(seen.probs);
    expect(digits).toHaveLength(1);
    expect(digits[0]).toMatchObject({ digit: 7, confidence: seen.confidence });
    expect(digits[0]!.rivals).toHaveLength(3);
    expect(digits[0]!.rivals[0]!.confidence).toBeGreaterThanOrEqual(digits[0]!.rivals[1]!.confidence);
  });

  it("finds one digit in a long sound, and in a long sound without any says so", async () => {
    const { samples } = await say(4);
    const noise = Float32Array.from({ length: 6 * 8000 }, (_, i) => 0.02 * Math.sin(i * i * 0.37));
    const long = noise.map((sample, i) => sample + (samples[i - 16_000] ?? 0));
    const { digits } = await hear({ samples: long, sampleRate: 8000 });
    expect(digits.map(({ digit }) => digit)).toEqual([4]);
    expect(digits[0]!.startMs).toBeGreaterThan(1800);
    const nothing = await hear({ samples: noise, sampleRate: 8000 });
    expect(nothing).toMatchObject({ none: "not-a-digit", digits: [{ digit: null }] });
  });

  it("says that silence is silence", async () => {
    const silence = { samples: new Float32Array(8000), sampleRate: 8000 };
    expect(await hear(silence)).toMatchObject({ none: "silence", digits: [{ digit: null, endMs: 1000 }] });
  });

  it("answers short speech before the stream model is there, and says that more may be heard", async () => {
    const clip = await decodeAudio(readFileSync(fixture("samples/6.wav")));
    streamModel.mockReturnValueOnce(new Promise(() => undefined));
    const { digits, provisional } = await hear(clip);
    expect([digits[0]!.digit, provisional]).toEqual([6, true]);
    expect((await hear(clip)).provisional).toBe(false);
  });

  it("tells how far it is", async () => {
    onProgress.mockClear();
    const samples = Float32Array.from({ length: 3 * 8000 }, (_, n) => 0.01 * Math.sin(n * n));
    await hear({ samples, sampleRate: 8000 });
    expect(onProgress.mock.calls.at(-1)).toEqual([3000, 3000]);
  });

  it("is ended where nobody wants to know any more", async () => {
    const samples = Float32Array.from({ length: 3 * 8000 }, (_, n) => 0.01 * Math.sin(n * n));
    onProgress.mockReset().mockRejectedValueOnce(new Error("held no more"));
    await expect(hear({ samples, sampleRate: 8000 })).rejects.toThrow("held no more");
    expect(onProgress).toHaveBeenCalledOnce();
  });

  it("hears as many digits as are expected, where nothing else is said", async () => {
    const spoken = await say(1, 6, 6, 0);
    const { digits, alternatives } = await hear(spoken, { expect: "digits", length: "4", voice: null });
    expect(digits.map(({ digit }) => digit)).toEqual([1, 6, 6, 0]);
    for (const other of alternatives) expect(other.digits).toHaveLength(4);
    await expect(hear(spoken, { expect: "digits", length: "many", voice: null })).rejects.toMatchObject({
      code: "invalid-argument",
    });
  });
});
