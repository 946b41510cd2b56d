// A voice: what a speaker's own takes change in a classifier's logits. Each take acts near itself alone, in the space of what goes
// into the last layer, so recordings unlike every take keep their logits exactly.
//
// Kernel logistic regression on top of the net: Zhu and Hastie, "Kernel logistic regression and the import vector machine", 2005.

import { VoiceProfileError } from "../errors.ts";
import { CLASS_COUNT } from "./architectures.ts";

/** One take of a profile. */
export type VoiceTake = {
  /** The digit said, 0..9. */
  label: number;
  /** What goes into the last layer, scaled to length 1. */
  features: readonly number[];
  /** What is added to the logits of a recording with the same features: one number a class. */
  weights: readonly number[];
};

/** A voice profile, as it is kept in a JSON file. */
export type VoiceProfile = {
  format: "spoken-digits-voice";
  version: 1;
  /** Whose voice. */
  name: string;
  /** When it was taught, ISO 8601. */
  created: string;
  /** Checksum of the model file that it belongs to, 8 hex digits. */
  model: string;
  /** Cosine of the angle to a take from which on it has no effect, 0 < reach < 1. */
  reach: number;
  takes: readonly VoiceTake[];
};

/** Takes of a profile at most. */
export const MAX_VOICE_TAKES = 200;
/** Characters of a profile as JSON at most. */
export const MAX_PROFILE_LENGTH = 1 << 20;
const MAX_NAME_LENGTH = 100;
/** No trained profile comes near it; a made-up one could otherwise force any digit. */
const MAX_WEIGHT = 50;

/**
 * Reads and checks a voice profile.
 *
 * @param json Its text, or what was parsed of it.
 * @throws {VoiceProfileError} `voice-format`: it is none, damaged, of a newer version, or too large.
 */
export function readVoiceProfile(json: unknown): VoiceProfile {
  const profile = typeof json === "string" ? parse(json) : json;
  const { format, version, name, created, model, reach, takes } = Object(profile) as VoiceProfile;
  expectThat(format === "spoken-digits-voice", "it is no voice profile of spoken-digits");
  expectThat(
    version === 1,
    `version must be 1, got ${typeof version === "number" ? version : typeof version}`,
  );
  expectThat(isText(name) && isText(created), "name and created must be texts of up to 100 characters");
  expectThat(
    typeof model === "string" && /^[0-9a-f]{8}$/.test(model),
    "model must be a checksum of 8 hex digits",
  );
  const isInReach = typeof reach === "number" && reach > 0 && reach < 1;
  expectThat(isInReach, "reach must lie between 0 and 1");
  expectThat(Array.isArray(takes) && takes.length > 0, "it holds no takes");
  expectThat(takes.length <= MAX_VOICE_TAKES, `at most ${MAX_VOICE_TAKES} takes, got ${takes.length}`);
  const length = takes[0]?.features?.length ?? 0;
  expectThat(
    takes.every((take) => isTake(take, length)),
    "a take is damaged",
  );
  return { format, version, name, created, model, reach, takes };
}

/**
 * Changes logits by a voice, within a profile's reach.
 *
 * @param logits Of the model, one number a class. Not changed.
 * @param features What went into the last layer.
 * @param profile.takes Of a profile of the same model.
 * @param profile.reach Of the same profile.
 * @returns New logits.
 */
export function logitsOfVoice(
  logits: ArrayLike<number>,
  features: ArrayLike<number>,
  { takes, reach }: Pick<VoiceProfile, "takes" | "reach">,
): Float32Array {
  const changed = Float32Array.from(logits);
  const direction = unitVector(features);
  for (const take of takes) {
    const nearness = nearnessOf(take.features, direction, reach);
    if (nearness > 0) for (let k = 0; k < CLASS_COUNT; k++) changed[k]! += nearness * take.weights[k]!;
  }
  return changed;
}

/**
 * How near two directions are: 1 for the same, falling evenly to 0 where the cosine of their angle is `reach`.
 *
 * @param a Of length 1. @param b Of length 1. @param reach 0 < reach < 1.
 */
export function nearnessOf(a: ArrayLike<number>, b: ArrayLike<number>, reach: number): number {
  let cosine = 0;
  for (let i = 0; i < b.length; i++) cosine += a[i]! * b[i]!;
  return Math.max(0, (cosine - reach) / (1 - reach));
}

/** A vector scaled to length 1. @param vector One of zeros stays as it is. */
export function unitVector(vector: ArrayLike<number>): number[] {
  const numbers = Array.from(vector);
  const length = Math.hypot(...numbers) || 1;
  return numbers.map((value) => value / length);
}

function parse(text: string): unknown {
  expectThat(
    text.length <= MAX_PROFILE_LENGTH,
    `at most ${MAX_PROFILE_LENGTH} characters, got ${text.length}`,
  );
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VoiceProfileError("voice-format", "voice profile: it is no JSON", { cause });
  }
}

const isText = (value: unknown) => typeof value === "string" && value.length <= MAX_NAME_LENGTH;

function isTake(take: unknown, length: number): boolean {
  const { label, features, weights } = Object(take) as VoiceTake;
  return (
    Number.isInteger(label) &&
    label >= 0 &&
    label <= 9 &&
    isVector(features, { length, limit: 1.001 }) &&
    isVector(weights, { length: CLASS_COUNT, limit: MAX_WEIGHT })
  );
}

function isVector(value: unknown, { length, limit }: { length: number; limit: number }): boolean {
  return (
    Array.isArray(value) &&
    value.length === length &&
    length > 0 &&
    value.every((number) => typeof number === "number" && Math.abs(number) <= limit)
  );
}

function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new VoiceProfileError("voice-format", `voice profile: ${what}`);
}
