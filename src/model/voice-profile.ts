// A voice: what a speaker's own takes change in a classifier's logits. Each take acts near itself alone, in the space of what goes
// into the last layer. What is no digit comes near to takes as well, so "none" is made a little likelier throughout.

import { VoiceProfileError } from "../errors.ts";
import { CLASS_COUNT } from "./architectures.ts";
import { NONE_CLASS } from "./prediction.ts";

/** A place and what is added there. */
export type WeightedPlace = {
  /** Of length 1. */
  features: readonly number[];
  /** What is added to the outputs for the same features: one number an output. */
  weights: readonly number[];
};

/** One take of a profile. */
export type VoiceTake = WeightedPlace & {
  /** The digit said, 0..9. */
  label: number;
};

/** What a voice changes in the stream model, which hears numbers and live. */
export type StreamVoice = {
  /** Checksum of the stream model that it belongs to, 8 hex digits. */
  model: string;
  /** As of {@link VoiceProfile}. */
  reach: number;
  /** What is added to the outputs of none near a state, 0..5. Default: 0. */
  caution?: number;
  /** The states of the takes' words: three a take. */
  states: readonly WeightedPlace[];
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
  /** What is added to the logit of none, whatever is heard, 0..5. Default: 0. */
  caution?: number;
  takes: readonly VoiceTake[];
  /** What it changes in numbers. Default: nothing. */
  stream?: StreamVoice;
};

/** Takes of a profile at most. */
export const MAX_VOICE_TAKES = 200;
/** States of its takes at most. */
export const MAX_VOICE_STATES = 300;
/** Characters of a profile as JSON at most. */
export const MAX_PROFILE_LENGTH = 1 << 20;
/** What its JSON may hold: takes, their numbers, and four times as many as there are. */
export const PROFILE_BOUNDS = { maxDepth: 8, maxMembers: 200_000 };
const MAX_NAME_LENGTH = 100;
/** No trained profile comes near it; a made-up one could otherwise force any digit. */
const MAX_WEIGHT = 50;
const MAX_CAUTION = 5;

/**
 * Reads and checks a voice profile.
 *
 * @param json Its text, or what was parsed of it.
 * @throws {VoiceProfileError} `voice-format`: it is none, damaged, of a newer version, or too large.
 */
export function readVoiceProfile(json: unknown): VoiceProfile {
  const profile = typeof json === "string" ? parse(json) : json;
  const {
    format,
    version,
    name,
    created,
    model,
    reach,
    caution = 0,
    takes,
    stream,
  } = Object(profile) as VoiceProfile;
  expectThat(format === "spoken-digits-voice", "it is no voice profile of spoken-digits");
  expectThat(
    version === 1,
    `version must be 1, got ${typeof version === "number" ? version : typeof version}`,
  );
  expectThat(isText(name) && isText(created), "name and created must be texts of up to 100 characters");
  checkHead({ model, reach, caution });
  expectThat(Array.isArray(takes) && takes.length > 0, "it holds no takes");
  expectThat(takes.length <= MAX_VOICE_TAKES, `at most ${MAX_VOICE_TAKES} takes, got ${takes.length}`);
  const length = takes[0]?.features?.length ?? 0;
  expectThat(
    takes.every((take) => isTake(take, length)),
    "a take is damaged",
  );
  const read = { format, version, name, created, model, reach, caution, takes };
  return stream === undefined ? read : { ...read, stream: readStreamVoice(stream) };
}

function readStreamVoice(json: unknown): StreamVoice {
  const { model, reach, caution = 0, states } = Object(json) as StreamVoice;
  checkHead({ model, reach, caution });
  const isList = Array.isArray(states) && states.length > 0 && states.length <= MAX_VOICE_STATES;
  expectThat(isList, `expected 1 to ${MAX_VOICE_STATES} states`);
  const [features, outputs] = [states[0]?.features?.length ?? 0, states[0]?.weights?.length ?? 0];
  expectThat(
    states.every((state) => isPlace(state, { features, outputs })),
    "a state is damaged",
  );
  return { model, reach, caution, states };
}

/**
 * Changes logits by a voice, within a profile's reach.
 *
 * @param logits Of the model, one number a class. Not changed.
 * @param features What went into the last layer.
 * @param profile.takes Of a profile of the same model.
 * @param profile.reach Of the same profile.
 * @param profile.caution Of the same profile.
 * @returns New logits.
 */
export function logitsOfVoice(
  logits: ArrayLike<number>,
  features: ArrayLike<number>,
  { takes, reach, caution = 0 }: Pick<VoiceProfile, "takes" | "reach" | "caution">,
): Float32Array {
  const changed = Float32Array.from(logits);
  changed[NONE_CLASS]! += caution;
  addNearbyInPlace(changed, unitVector(features), { places: takes, reach });
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

/**
 * Adds the weights of the places that are near.
 *
 * @param outputs One number an output. Changed.
 * @param direction What went into the layer, of length 1.
 * @param places Where weights are added.
 * @param reach Cosine from which on a place has no effect, 0 < reach < 1.
 * @returns Whether any place is near.
 */
export function addNearbyInPlace(
  outputs: Float32Array,
  direction: ArrayLike<number>,
  { places, reach }: { places: readonly WeightedPlace[]; reach: number },
): boolean {
  let isNear = false;
  for (const { features, weights } of places) {
    const nearness = nearnessOf(features, direction, reach);
    if (nearness === 0) continue;
    isNear = true;
    for (let k = 0; k < outputs.length; k++) outputs[k]! += nearness * weights[k]!;
  }
  return isNear;
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

function isTake(take: unknown, features: number): boolean {
  const { label } = Object(take) as VoiceTake;
  const isDigit = Number.isInteger(label) && label >= 0 && label <= 9;
  return isDigit && isPlace(take, { features, outputs: CLASS_COUNT });
}

function isPlace(place: unknown, lengths: { features: number; outputs: number }): boolean {
  const { features, weights } = Object(place) as WeightedPlace;
  return (
    isVector(features, { length: lengths.features, limit: 1.001 }) &&
    isVector(weights, { length: lengths.outputs, limit: MAX_WEIGHT })
  );
}

function checkHead({ model, reach, caution }: { model: unknown; reach: unknown; caution: unknown }): void {
  expectThat(
    typeof model === "string" && /^[0-9a-f]{8}$/.test(model),
    "model must be a checksum of 8 hex digits",
  );
  const isInReach = typeof reach === "number" && reach > 0 && reach < 1;
  expectThat(isInReach, "reach must lie between 0 and 1");
  const isCautious = typeof caution === "number" && caution >= 0 && caution <= MAX_CAUTION;
  expectThat(isCautious, `caution must lie between 0 and ${MAX_CAUTION}`);
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
