// From a speaker's own takes to a voice profile.

import { prepareRecording } from "../audio/prepare-recording.ts";
import { InvalidArgumentError, VoiceProfileError } from "../errors.ts";
import type { Classifier, Features } from "./classifier.ts";
import { fitWeights } from "./fit-weights.ts";
import { findTakeProblem, type TakeProblem } from "./take-problems.ts";
import {
  MAX_VOICE_TAKES,
  nearnessOf,
  type StreamVoice,
  unitVector,
  type VoiceProfile,
} from "./voice-profile.ts";

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
  /** Learns the voice for numbers and live as well, as `loadStreamModel` loads it. Default: single digits alone. */
  streamModel?: {
    /** As of a stream model. */
    learnVoice(takes: readonly LabelledTake[]): Promise<StreamVoice | null>;
  };
};

/** How a voice is fitted. */
export type VoiceFit = {
  /** See {@link VoiceProfile}. */
  reach: number;
  /** See {@link VoiceProfile}. */
  caution: number;
  /** Of the squared weights, > 0: the larger, the less a voice changes. */
  penalty: number;
};

// From `spoken-digits measure voices --part dev --grid`: of those with at most a tenth more false accepts there, the one that lifts
// most. docs/guide/voice-profiles.md has the test part.
const CHOSEN_FIT: VoiceFit = { reach: 0.6, caution: 1, penalty: 0.001 };
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
  const { name = "voice", created = new Date(), streamModel } = options;
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
  const stream = await streamModel?.learnVoice(usable);
  const profile: VoiceProfile = {
    format: "spoken-digits-voice",
    version: 1,
    name,
    created: created.toISOString(),
    model: classifier.checksum,
    ...fitVoice(usable),
    ...(stream && { stream }),
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
): Pick<VoiceProfile, "reach" | "caution" | "takes"> {
  const { reach, caution, penalty } = fit;
  // Fitted without the caution: with it, the weights near the takes would undo it.
  const examples = takes.map(({ logits, label, direction }) => ({
    logits,
    nearness: takes.map((other) => nearnessOf(other.direction, direction, reach)),
    right: [label],
  }));
  const weights = fitWeights(examples, { penalty, steps: STEPS });
  return {
    reach,
    caution,
    takes: takes.map(({ label, direction }, i) => ({
      label,
      features: direction.map(rounded),
      weights: weights[i]!,
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

const rounded = (value: number) => Number(value.toFixed(5));
