import { expect, it } from "vitest";
import type { Label, Recording } from "../corpus/recording.ts";
import { loadClassifier, loadStreamModel } from "../load-models.ts";
import { formatClips, measureClips } from "./measure-clips.ts";

const clip = (name: string, label: Label): Recording => ({
  path: `fixtures/${name}`,
  label,
  speaker: "somebody",
  corpus: "made-up",
});

it("hears clips with both nets, and tells what is accepted where so many are kept", async () => {
  const samples = ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map((digit) =>
    clip(`samples/${digit}.wav`, digit),
  );
  const models = { classifier: await loadClassifier(), streamModel: await loadStreamModel() };
  const wrong = clip("samples/4.wav", 5);
  const report = await measureClips(models, {
    digits: { "speech-commands-validation": samples, "fsdd-official": [samples[4]!, wrong] },
    words: {
      "other-words": [clip("samples/7.wav", "none")],
      "other-speech": [clip("samples/7.wav", "none")],
    },
    noises: [],
  });
  const all = (share: number) => ({ classifier: share, stream: share, both: share });
  expect(report.digits).toEqual([
    { list: "speech-commands-validation", recordings: 10, right: all(1) },
    { list: "fsdd-official", recordings: 2, right: all(0.5) },
  ]);
  expect(report.negatives).toBe(2);
  // A digit among the negatives is as sure as the digits that are kept.
  expect(report.kept.at(-1)).toEqual({ share: 0.95, falseAccepts: all(1) });
  // All ten are right, each with its own confidence; of those that are called none no one is.
  expect(report.calibrationError.digits.classifier).toBeLessThan(0.1);
  expect(report.calibrationError.negatives.classifier).toBeGreaterThan(0.9);
  expect(formatClips(report)).toMatch(/fsdd-official +2 +50\.0 % +50\.0 % +50\.0 %/);
  await Promise.all([models.classifier.release(), models.streamModel.release()]);
});
