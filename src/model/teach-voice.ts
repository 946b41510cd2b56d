// From a speaker's own takes to a voice profile. The weights are fitted by gradient steps with momentum (Nesterov, 1983) on the
// cross-entropy of the takes plus a penalty on the weights.

import { InvalidArgumentError, VoiceProfileError } from "../errors.ts";
import { CLASS_COUNT } from "./architectures.ts";
import type { Classifier, Features } from "./classifier.ts";
import { softmax } from "./prediction.ts";
import { prepareRecording } from "./prepare-recording.ts";
import { findTakeProblem, type TakeProblem } from "./take-problems.ts";
import { MAX_VOICE_TAKES, nearnessOf, unitVector, type VoiceProfile } from "./voice-profile.ts";

/** A digit that the speaker said. */
export type LabelledTake = {
  /** Mono, nominally -1..1. */
  samples: Float32Array;
  /** Hz. */
  sampleRate: number;
  /** The digit, 0..9. */
  label: number;
};

/** What teaching came to. */
export type TaughtVoice = {
  profile: VoiceProfile;
  /** Of each take, in the order given, why it was left out; null where it was used. */
  problems: (TakeProblem | null)[];
};

/** Settings of {@link teachVoice}. */
export type TeachVoiceOptions = {
  /** Whose voice, up to 100 characters. Default: `voice`. */
  name?: string;
  /** When. Default: now. */
  created?: Date;
};

/** How a voice is fitted. */
export type VoiceFit = {
  /** See {@link VoiceProfile}. */
  reach: number;
  /** Of the squared weights, > 0: the larger, the less a voice changes. */
  penalty: number;
};

// From `spoken-digits measure voices --part dev --grid`: with the model of the time, false accepts stayed within a tenth there. docs/guide/voice-profiles.md has
// the test part.
const CHOSEN_FIT: VoiceFit = { reach: 0.8, penalty: 0.001 };
const STEPS = 300;

/**
 * Learns a speaker's voice. Takes in which something is wrong are left out and named.
 *
 * @param classifier As loaded; a voice that it has is no part of what is learnt.
 * @param takes Three of each digit are a good number; digits without a take stay as they are. At most 200.
 * @param options See {@link TeachVoiceOptions}.
 * @throws {VoiceProfileError} `voice-takes`: none of the takes can be used.
 * @throws {InvalidArgumentError} A label is no digit, there are too many takes, or the name is too long.
 * @throws As `Classifier.classify`.
 */
export async function teachVoice(
  classifier: Classifier,
  takes: readonly LabelledTake[],
  options: TeachVoiceOptions = {},
): Promise<TaughtVoice> {
  const { name = "voice", created = new Date() } = options;
  checkTakes(takes, name);
  const heard: HeardTake[] = [];
  for (const take of takes) heard.push(await hearTake(classifier, take));
  const problems = heard.map((take, i) => findTakeProblem(take, heard.toSpliced(i, 1)));
  const usable = heard.filter((_, i) => problems[i] === null);
  if (usable.length === 0) {
    const found = [...new Set(problems)].join(", ");
    throw new VoiceProfileError(
      "voice-takes",
      `teachVoice: none of ${takes.length} takes is usable: ${found}`,
    );
  }
  const profile: VoiceProfile = {
    format: "spoken-digits-voice",
    version: 1,
    name,
    created: created.toISOString(),
    model: classifier.checksum,
    ...fitVoice(usable),
  };
  return { profile, problems };
}

/**
 * Fits the numbers of a profile.
 *
 * @param takes Without those in which something is wrong.
 * @param fit Default: as chosen by measurement.
 */
export function fitVoice(
  takes: readonly HeardTake[],
  fit: VoiceFit = CHOSEN_FIT,
): Pick<VoiceProfile, "reach" | "takes"> {
  const weights = fitWeights(takes, fit);
  return {
    reach: fit.reach,
    takes: takes.map(({ label, direction }, i) => ({
      label,
      features: direction.map(rounded),
      weights: weights[i]!.map(rounded),
    })),
  };
}

/** A take and what the net made of it. */
export type HeardTake = LabelledTake & Pick<Features, "logits"> & { direction: number[] };

/**
 * Lets the net hear a take.
 *
 * @param classifier As loaded.
 * @param take At least one sample.
 * @throws As `Classifier.classify`.
 */
export async function hearTake(
  classifier: Pick<Classifier, "featuresOf">,
  take: LabelledTake,
): Promise<HeardTake> {
  const { samples, sampleRate } = take;
  const prepared = await prepareRecording(samples, { sampleRate });
  const { logits, features } = await classifier.featuresOf(prepared, { sampleRate });
  return { ...take, logits, direction: unitVector(features) };
}

function checkTakes(takes: readonly LabelledTake[], name: string): void {
  const wrong = takes.find(({ label }) => !(Number.isInteger(label) && label >= 0 && label <= 9));
  if (wrong) throw new InvalidArgumentError(`teachVoice: a label must be a digit, got ${wrong.label}`);
  if (takes.length === 0 || takes.length > MAX_VOICE_TAKES) {
    throw new InvalidArgumentError(`teachVoice: expected 1 to ${MAX_VOICE_TAKES} takes, got ${takes.length}`);
  }
  if (name.length > 100) throw new InvalidArgumentError("teachVoice: a name has at most 100 characters");
}

/** One row of CLASS_COUNT numbers a take. */
function fitWeights(takes: readonly HeardTake[], { reach, penalty }: VoiceFit): number[][] {
  const kernel = takes.map(({ direction: a }) => takes.map(({ direction: b }) => nearnessOf(a, b, reach)));
  const stepSize = 1 / (largestRowSum(kernel) / (2 * takes.length) + penalty);
  let weights = takes.map(() => new Array<number>(CLASS_COUNT).fill(0));
  let ahead = weights;
  let pace = 1;
  for (let step = 0; step < STEPS; step++) {
    const errors = errorsOf(takes, kernel, ahead);
    const next = ahead.map((row, i) =>
      row.map((weight, k) => weight - stepSize * (errors[i]![k]! / takes.length + penalty * weight)),
    );
    const nextPace = (1 + Math.sqrt(1 + 4 * pace * pace)) / 2;
    const momentum = (pace - 1) / nextPace;
    const before = weights;
    ahead = next.map((row, i) => row.map((weight, k) => weight + momentum * (weight - before[i]![k]!)));
    [weights, pace] = [next, nextPace];
  }
  return weights;
}

/** Probabilities under the weights less the truth. */
function errorsOf(takes: readonly HeardTake[], kernel: readonly number[][], weights: readonly number[][]) {
  return takes.map(({ logits, label }, i) => {
    const changed = Array.from(logits, (logit, k) =>
      kernel[i]!.reduce((sum, nearness, j) => sum + nearness * weights[j]![k]!, logit),
    );
    return softmax(changed).map((p, k) => p - (k === label ? 1 : 0));
  });
}

/** At least the largest eigenvalue. */
const largestRowSum = (kernel: readonly number[][]) =>
  Math.max(...kernel.map((row) => row.reduce((sum, value) => sum + value, 0)));

const rounded = (value: number) => Number(value.toFixed(5));
