// What goes over a live session's WebSocket: JSON as text, audio as binary messages. docs/service.md describes it for
// those who write clients.

import { decodePcmChannels, type PcmLayout } from "../audio/pcm.ts";
import { type JsonBounds, parseBoundedJson, shownValue } from "../bounded-json.ts";
import { InvalidArgumentError, RequestError } from "../errors.ts";
import { checkExpectation, parseNumberLength } from "../live/decoding.ts";
import { MAX_PROFILE_LENGTH, PROFILE_BOUNDS, readVoiceProfile } from "../model/voice-profile.ts";
import type { LiveListening } from "./live-worker.ts";

/** How samples lie in the binary messages: mono, little-endian; 32-bit floats, or 16-bit integers. */
export type LiveFormat = "f32le" | "s16le";

/** What a client says first. */
export type LiveStart = {
  /** Hz, a whole number, 4000..192000. */
  sampleRate: number;
  format: LiveFormat;
  /** How to listen, with the rate. */
  listening: LiveListening;
};

/** Rates taken, in Hz: below, a small message would be hours of audio. */
const LIVE_SAMPLE_RATES = { min: 4000, max: 192_000 } as const;

/** What a text message may hold without a voice profile. */
const TEXT_BOUNDS = { maxDepth: 2, maxMembers: 32 };
const MAX_TEXT_LENGTH = 8192;

/** Bytes of the first message at most: a voice profile, and what else a text message may hold. */
export const MAX_LIVE_START_BYTES = MAX_PROFILE_LENGTH + MAX_TEXT_LENGTH;

const LAYOUTS: Record<LiveFormat, PcmLayout> = {
  f32le: { encoding: "float", bytesPerSample: 4, nChannels: 1, littleEndian: true },
  s16le: { encoding: "signed", bytesPerSample: 2, nChannels: 1, littleEndian: true },
};

/**
 * Reads a client's first message.
 *
 * @param text JSON, for example `{ "sampleRate": 48000, "format": "f32le" }`.
 * @throws {RequestError} `request-malformed`: it is no JSON object, or larger than what it may hold needs.
 * @throws {InvalidArgumentError} The rate, the format or another option is not one of those taken.
 * @throws {VoiceProfileError} `voice-format`: `voice` is no voice profile.
 */
export function readLiveStart(text: string): LiveStart {
  const { sampleRate, format, token, ...listening } = readObject(text, PROFILE_BOUNDS);
  if (listening.voice === undefined) checkLength(text);
  const { min, max } = LIVE_SAMPLE_RATES;
  if (!Number.isInteger(sampleRate) || Number(sampleRate) < min || Number(sampleRate) > max) {
    throw new InvalidArgumentError(
      `live: sampleRate must be a whole number of Hz in ${min}..${max}, got ${shownValue(sampleRate)}`,
    );
  }
  if (format !== "f32le" && format !== "s16le") {
    throw new InvalidArgumentError(`live: format must be "f32le" or "s16le", got ${shownValue(format)}`);
  }
  if (token !== undefined && typeof token !== "string") {
    throw new InvalidArgumentError("live: token must be text");
  }
  const rate = Number(sampleRate);
  return { sampleRate: rate, format, listening: { sampleRate: rate, ...readListening(listening) } };
}

function readListening(options: Record<string, unknown>): Omit<LiveListening, "sampleRate"> {
  const { expect, length, tentative, voice } = options;
  if (length !== undefined && typeof length !== "string" && typeof length !== "number") {
    throw new InvalidArgumentError(`live: length must be text or a number, got ${shownValue(length)}`);
  }
  if (tentative !== undefined && typeof tentative !== "boolean") {
    throw new InvalidArgumentError(`live: tentative must be true or false, got ${shownValue(tentative)}`);
  }
  return {
    ...(expect !== undefined && { expect: checkExpectation(expect) }),
    ...(length !== undefined && { length: parseNumberLength(length).groups.join("-") }),
    ...(tentative !== undefined && { tentative }),
    // Not as text: within a profile that is text nothing would be bounded.
    ...(voice !== undefined && { voice: readVoiceProfile(Object(voice)) }),
  };
}

/**
 * Reads a text message that comes after the first. The only one there is: `{ "end": true }`.
 *
 * @param text JSON.
 * @throws {RequestError} `request-malformed`: it is something else.
 */
export function checkLiveEnd(text: string): void {
  checkLength(text);
  if (readObject(text, TEXT_BOUNDS).end === true) return;
  throw malformed('a text message after the first must be { "end": true }');
}

/**
 * Reads a binary message.
 *
 * @param bytes Whole samples.
 * @param format How they are stored.
 * @returns Mono; integers divided by half their range.
 * @throws {RequestError} `request-malformed`: the last sample is cut.
 */
export function readLiveSamples(bytes: Uint8Array, format: LiveFormat): Float32Array {
  const layout = LAYOUTS[format];
  if (bytes.length % layout.bytesPerSample === 0) return decodePcmChannels(bytes, layout)[0]!;
  throw malformed(
    `a binary message of ${format} must be a multiple of ${layout.bytesPerSample} bytes, got ${bytes.length}`,
  );
}

function checkLength(text: string): void {
  if (text.length <= MAX_TEXT_LENGTH) return;
  throw malformed(`a text message must be at most ${MAX_TEXT_LENGTH} characters, got ${text.length}`);
}

function readObject(text: string, bounds: JsonBounds): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseBoundedJson(text, bounds);
  } catch (cause) {
    throw malformed(`expected a JSON object (${(cause as Error).message.slice(0, 80)})`, cause);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw malformed("expected a JSON object");
}

function malformed(expected: string, cause?: unknown): RequestError {
  return new RequestError("request-malformed", `live: ${expected}`, { cause });
}
