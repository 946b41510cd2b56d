// Clips of one digit or none, as the classifier hears them, as the stream net does that is asked for one digit, and as both do
// together: whether one of the two nets would be enough.

import { prepareRecording } from "../audio/prepare-recording.ts";
import { loadSamples } from "../corpus/load-samples.ts";
import { classOf, type Recording } from "../corpus/recording.ts";
import { hearSingleDigit } from "../live/single-digit.ts";
import type { StreamModel } from "../live/stream-model.ts";
import type { Classifier } from "../model/classifier.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import { NONE_CLASS } from "../model/prediction.ts";
import { expectedCalibrationError } from "./calibration.ts";
import type { HeldOutMaterial } from "./held-out-material.ts";
import { formatTable } from "./text-table.ts";

/** Who hears: each net by itself, and the geometric mean of both. */
const HEARERS = ["classifier", "stream", "both"] as const;
type ByHearer = Record<(typeof HEARERS)[number], number>;

/** What each net makes of the same clips. Shares are in [0, 1]. */
export type ClipsReport = {
  /** Share of the clips of a list whose most probable digit is right. */
  digits: { list: string; recordings: number; right: ByHearer }[];
  /** Share of the negatives that are accepted where so many of the digits of Speech Commands are kept. */
  kept: { share: number; falseAccepts: ByHearer }[];
  /** Expected calibration error of the likeliest of the eleven classes, none among them: of digits, negatives, and all. */
  calibrationError: Record<(typeof CALIBRATED)[number], ByHearer>;
  negatives: number;
};

/** A clip, by its class, 10 is none, and what is heard, [11] each. */
type Heard = { label: number; probs: Record<keyof ByHearer, Float64Array> };

const CALIBRATED = ["digits", "negatives", "all"] as const;
const KEPT = [0.9, 0.93, 0.95] as const;

/**
 * Hears every clip of the held-out material with both nets.
 *
 * @param models.classifier Gets each with silence cut off.
 * @param models.streamModel Gets each as it is.
 * @param material From `readHeldOutMaterial`.
 * @throws {AudioFormatError} A recording cannot be decoded.
 * @throws {FileError} A recording cannot be read.
 */
export async function measureClips(
  models: { classifier: Classifier; streamModel: StreamModel },
  material: HeldOutMaterial,
): Promise<ClipsReport> {
  const digits: ClipsReport["digits"] = [];
  const people: Heard[] = [];
  for (const [list, recordings] of Object.entries(material.digits)) {
    const heard = await hear(recordings, models);
    digits.push({ list, recordings: heard.length, right: byHearer((hearer) => rightShare(heard, hearer)) });
    if (list !== "fsdd-official") people.push(...heard);
  }
  const negatives = await hear(Object.values(material.words).flat(), models);
  const kept = KEPT.map((share) => ({
    share,
    falseAccepts: byHearer((hearer) => falseAcceptsAt(share, { people, negatives, hearer })),
  }));
  const errorOf = (heard: readonly Heard[]) => byHearer((hearer) => calibrationErrorOf(heard, hearer));
  const calibrationError = {
    digits: errorOf(people),
    negatives: errorOf(negatives),
    all: errorOf([...people, ...negatives]),
  };
  return { digits, kept, calibrationError, negatives: negatives.length };
}

/** The report as three tables. @param report From {@link measureClips}. */
export function formatClips(report: ClipsReport): string {
  const { digits, kept, calibrationError, negatives } = report;
  const percent = (by: ByHearer) => HEARERS.map((hearer) => `${(100 * by[hearer]).toFixed(1)} %`);
  return [
    formatTable([
      ["digit right", "clips", ...HEARERS],
      ...digits.map(({ list, recordings, right }) => [list, String(recordings), ...percent(right)]),
    ]),
    formatTable([
      ["false accepts where kept", "negatives", ...HEARERS],
      ...kept.map(({ share, falseAccepts }) => [
        `${(100 * share).toFixed(0)} %`,
        String(negatives),
        ...percent(falseAccepts),
      ]),
    ]),
    formatTable([
      ["calibration error", ...HEARERS],
      ...CALIBRATED.map((name) => [
        name,
        ...HEARERS.map((hearer) => calibrationError[name][hearer].toFixed(3)),
      ]),
    ]),
  ].join("\n\n");
}

async function hear(
  recordings: readonly Recording[],
  { classifier, streamModel }: { classifier: Classifier; streamModel: StreamModel },
): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (const [i, samples] of (await loadSamples(recordings)).entries()) {
    const options = { sampleRate: SAMPLE_RATE };
    const prepared = await prepareRecording(samples, options);
    const { probs, noneProb } = await classifier.classify(prepared, options);
    const byClassifier = Float64Array.of(...probs, noneProb);
    const byStream = Float64Array.from(await hearSingleDigit(streamModel, samples, options), Math.exp);
    const both = byClassifier.map((prob, k) => Math.sqrt(prob * byStream[k]!));
    const sum = both.reduce((total, prob) => total + prob, 0);
    const probsOf = { classifier: byClassifier, stream: byStream, both: both.map((prob) => prob / sum) };
    heard.push({ label: classOf(recordings[i]!), probs: probsOf });
  }
  return heard;
}

const byHearer = (figure: (hearer: keyof ByHearer) => number): ByHearer => ({
  classifier: figure("classifier"),
  stream: figure("stream"),
  both: figure("both"),
});

const topDigit = (probs: Float64Array) =>
  probs.subarray(0, NONE_CLASS).reduce((best, prob, digit) => (prob > probs[best]! ? digit : best), 0);

function calibrationErrorOf(heard: readonly Heard[], hearer: keyof ByHearer): number {
  const points = heard.map(({ label, probs }) => {
    const confidence = Math.min(1, Math.max(...probs[hearer]));
    return { confidence, correct: probs[hearer][label] === Math.max(...probs[hearer]) };
  });
  return expectedCalibrationError(points) ?? 0;
}

const rightShare = (heard: readonly Heard[], hearer: keyof ByHearer) =>
  heard.filter(({ label, probs }) => topDigit(probs[hearer]) === label).length / heard.length;

/** Share of the negatives at least as probable as the digit at which so many of all are kept; what is wrong is not kept. */
function falseAcceptsAt(
  share: number,
  {
    people,
    negatives,
    hearer,
  }: { people: readonly Heard[]; negatives: readonly Heard[]; hearer: keyof ByHearer },
): number {
  const confidences = people
    .map(({ label, probs }) => (topDigit(probs[hearer]) === label ? probs[hearer][label]! : 0))
    .sort((a, b) => b - a);
  const threshold = confidences[Math.ceil(share * confidences.length) - 1] ?? 0;
  const accepted = negatives.filter(({ probs }) => probs[hearer][topDigit(probs[hearer])]! >= threshold);
  return accepted.length / Math.max(1, negatives.length);
}
