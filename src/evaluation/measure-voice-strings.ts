// What a voice changes in numbers: strings made from takes that were not taught, strings of others, speech without a digit.

import type { CorpusFolders } from "../corpus/corpora.ts";
import { EXPECTATIONS, type Expectation } from "../live/decoding.ts";
import type { StreamModel } from "../live/stream-model.ts";
import type { Classifier } from "../model/classifier.ts";
import { teachVoice } from "../model/teach-voice.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import { type ClipMaterial, readHeldOutClips } from "./clip-stream-material.ts";
import { readFluentTestMaterial } from "./fluent-material.ts";
import { digitsIn, framesOf, type HeardRecording } from "./heard-frames.ts";
import { streamsOf } from "./measure-clip-streams.ts";
import { type Change, meanChange, percentChange, type SpeakerLesson } from "./measure-voices.ts";
import { countStringErrors } from "./string-errors.ts";
import { formatTable } from "./text-table.ts";

/** What voices are measured on beside the speakers' own strings. */
type StringsMaterial = {
  /** Noise and digits of other speakers. */
  clips: ClipMaterial;
  /** Speech without a digit, 8 kHz. */
  speech: readonly Float32Array[];
};

/** Before and after, by way of listening. */
type VoiceStringsReport = Record<Expectation, VoiceStringsRow>;

type VoiceStringsRow = {
  /** Digit errors over digits said, mean of the speakers. */
  own: Change;
  /** The same of the fifth of the speakers that are worst before. */
  worst: Change;
  /** Digit errors in strings of others. */
  others: Change;
  /** Digits heard in speech that holds none, mean of the profiles. */
  falseDigits: Change;
};

const CONDITIONS = ["spaced", "run together"] as const;
const OWN_STREAMS = 6;
const OTHERS_STREAMS = 20;
const SEED = 3;
/** Others and speech without a digit are heard by every third profile. */
const OTHERS_EVERY = 3;
/** Sentences without a digit. */
const SPEECH_MINUTES = 5;

/**
 * Reads what voices are measured on beside the speakers' own strings.
 *
 * @param folders From `locateCorpora`; FSDD, Speech Commands, ESC-10, other speech, `connected` and `speech` are needed.
 * @param part `dev` to choose, `test` to report.
 * @throws {CorpusError} `corpus-missing`: a corpus is not there.
 * @throws {FileError} A file cannot be read.
 */
export async function readVoiceStringsMaterial(
  folders: CorpusFolders,
  part: "dev" | "test",
): Promise<StringsMaterial> {
  const { negatives } = await readFluentTestMaterial(folders, part);
  const clips = (await readHeldOutClips(folders))[part];
  let ms = 0;
  const speech = (negatives.sentences ?? []).filter(({ durationMs }) => {
    ms += durationMs;
    return ms <= SPEECH_MINUTES * 60_000;
  });
  return { clips, speech: speech.map(({ samples }) => samples) };
}

/**
 * Measures voices in strings.
 *
 * @param models.model The stream model, without a voice.
 * @param models.classifier The classifier, without a voice.
 * @param speakers One lesson each.
 * @param material.clips See {@link StringsMaterial}.
 * @param material.speech See {@link StringsMaterial}.
 * @throws {VoiceProfileError} `voice-takes`: none of a speaker's takes can be used.
 */
export async function measureVoiceStrings(
  { model, classifier }: { model: StreamModel; classifier: Classifier },
  speakers: readonly SpeakerLesson[],
  { clips, speech }: StringsMaterial,
): Promise<VoiceStringsReport> {
  const lessons = await Promise.all(
    speakers.map(async ({ taught, ...lesson }) => {
      const { profile } = await teachVoice(classifier, taught, { streamModel: model });
      return { ...lesson, profile };
    }),
  );
  const own = await Promise.all(
    lessons.map(async ({ profile, untaught }) => {
      const digits = untaught.map(({ samples, label }) => ({ samples, digit: label, speaker: "own" }));
      return hearBoth(model, profile, streamsIn({ ...clips, digits }, OWN_STREAMS));
    }),
  );
  const some = lessons.filter((_, i) => i % OTHERS_EVERY === 0);
  const others = await Promise.all(
    some.map(({ speaker, profile }) => {
      const digits = clips.digits.filter((clip) => clip.speaker !== speaker);
      return hearBoth(model, profile, streamsIn({ ...clips, digits }, OTHERS_STREAMS));
    }),
  );
  const silent = speech.map((samples) => ({ samples, digits: "" }));
  const empty = await Promise.all(some.map(({ profile }) => hearBoth(model, profile, silent)));
  const rows = EXPECTATIONS.map((expect) => {
    const rates = own.map((strings) => ratesOf(strings, { expect, model }));
    const worst = rates.toSorted((a, b) => b[0] - a[0]).slice(0, Math.max(1, Math.round(rates.length / 5)));
    const row: VoiceStringsRow = {
      own: meanChange(rates),
      worst: meanChange(worst),
      others: meanChange(others.map((strings) => ratesOf(strings, { expect, model }))),
      falseDigits: meanChange(empty.map((strings) => errorsOf(strings, { expect, model }))),
    };
    return [expect, row] as const;
  });
  return Object.fromEntries(rows) as VoiceStringsReport;
}

type Heard = readonly [before: HeardRecording, after: HeardRecording];
type Spoken = { samples: Float32Array; digits: string };

function streamsIn(material: ClipMaterial, count: number): Spoken[] {
  return CONDITIONS.flatMap((condition) =>
    [...streamsOf(material, condition, { count, seed: SEED })].map(({ samples, digits }) => ({
      samples,
      digits: digits.map(({ digit }) => digit).join(""),
    })),
  );
}

async function hearBoth(
  model: StreamModel,
  profile: VoiceProfile,
  strings: readonly Spoken[],
): Promise<Heard[]> {
  const taught = model.withVoice(profile);
  const heard: Heard[] = [];
  for (const { samples, digits } of strings) {
    const said = { path: "", speaker: "", corpus: "", durationMs: 0, digits };
    heard.push([
      { ...said, frames: await framesOf(model, samples) },
      { ...said, frames: await framesOf(taught, samples) },
    ]);
  }
  return heard;
}

type Way = { expect: Expectation; model: StreamModel };

/** Digit errors, before and after. */
function errorsOf(strings: readonly Heard[], { expect, model }: Way): Change {
  const { decoding } = model.info;
  const [before, after] = [0, 1].map((which) =>
    strings.reduce((sum, pair) => {
      const recording = pair[which]!;
      const errors = countStringErrors(recording.digits, digitsIn(recording, expect, decoding));
      return sum + errors.substitutions + errors.deletions + errors.insertions;
    }, 0),
  );
  return [before!, after!];
}

function ratesOf(strings: readonly Heard[], way: Way): Change {
  const nDigits = strings.reduce((sum, [{ digits }]) => sum + digits.length, 0);
  const [before, after] = errorsOf(strings, way);
  return [before / nDigits, after / nDigits];
}

/** The report as text. @param report From {@link measureVoiceStrings}. */
export function formatVoiceStrings(report: VoiceStringsReport): string {
  const head = [
    "numbers, expecting",
    "errors %",
    "worst fifth",
    "others' %",
    `false digits in ${SPEECH_MINUTES} min`,
  ];
  const rows = Object.entries(report).map(
    ([
      expect,
      {
        own,
        worst,
        others,
        falseDigits: [before, after],
      },
    ]) => [
      expect,
      percentChange(own),
      percentChange(worst),
      percentChange(others),
      `${before.toFixed(1)} -> ${after.toFixed(1)}`,
    ],
  );
  return formatTable([head, ...rows]);
}
