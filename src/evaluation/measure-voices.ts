// What three takes a digit teach a voice profile, on the validation speakers of Speech Commands with enough takes.

import { isSilent } from "../audio/offset-and-tones.ts";
import { loadSamples } from "../corpus/load-samples.ts";
import { classOf, type Recording } from "../corpus/recording.ts";
import type { Classifier } from "../model/classifier.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import { decide } from "../model/prediction.ts";
import { findTakeProblem } from "../model/take-problems.ts";
import {
  fitVoice,
  type HeardTake,
  hearTake,
  type LabelledTake,
  type VoiceFit,
} from "../model/teach-voice.ts";
import { logitsOfVoice } from "../model/voice-profile.ts";
import type { HeldOutMaterial } from "./held-out-material.ts";
import { formatTable } from "./text-table.ts";

/** What is measured. */
export type VoicesOptions = {
  /** Speakers on whom the fit was chosen, or the others. */
  part: "dev" | "test";
  /** Whether other fits are tried as well. */
  grid?: boolean;
};

/** Means over the lessons of all speakers; pairs are before and after. Shares are 0..1. */
type VoicesRow = {
  /** Undefined: as shipped. */
  fit?: VoiceFit;
  /** Of digits whose likeliest digit is wrong. */
  wrong: Change;
  /** Of digits without a right prediction at the threshold. */
  missed: Change;
  /** The same of the fifth of the speakers that are worst before. */
  missedWorst: Change;
  /** Of digits accepted as some digit. */
  accepted: Change;
  /** Of other speakers' digits without a right prediction. */
  othersMissed: Change;
  /** Recordings without a digit that are accepted as one. */
  falseAccepts: Change;
  /** The most false accepts with any one profile. */
  falseAcceptsMost: number;
};

/** What was measured. */
export type VoicesReport = {
  speakers: number;
  negatives: number;
  rows: VoicesRow[];
  /** Takes in which a problem is found, as they are and with the label of another digit. */
  takes: { n: number; leftOut: number; leftOutMislabelled: number };
  /** One teaching of each speaker, to measure numbers by. */
  lessons: SpeakerLesson[];
};

/** A speaker, what is taught, and what is not. */
export type SpeakerLesson = { speaker: string } & Record<"taught" | "untaught", readonly LabelledTake[]>;

/** A figure before and after a voice was taught. */
export type Change = readonly [before: number, after: number];
type Take = HeardTake & { speaker: string; isSilent: boolean };
type Voice = Parameters<typeof logitsOfVoice>[2];
/** One teaching of one speaker. */
type Lesson = { taught: Take[]; tested: Take[] };
type Counts = { wrong: number; missed: number; accepted: number };
type Material = {
  takes: Take[];
  negatives: Take[];
  count: (takes: readonly Take[], voice?: Voice) => Counts;
};

const LEAST_TAKES = 5;
const LEAST_DIGITS = 3;
const TAUGHT_TAKES = 3;
const GRID: readonly VoiceFit[] = [0.6, 0.7, 0.8].flatMap((reach) =>
  [0.0003, 0.001].flatMap((penalty) => [0, 0.6, 1].map((caution) => ({ reach, penalty, caution }))),
);

/**
 * Teaches each speaker five times and predicts the other takes, with the profile and without.
 *
 * @param classifier Without a voice.
 * @param material From `readHeldOutMaterial`.
 * @param options See {@link VoicesOptions}.
 * @throws {AudioFormatError} A recording cannot be decoded.
 * @throws {FileError} A recording cannot be read.
 */
export async function measureVoices(
  classifier: Classifier,
  { digits, words }: HeldOutMaterial,
  { part, grid = false }: VoicesOptions,
): Promise<VoicesReport> {
  const all: Material = {
    takes: await takesOf(classifier, digits["speech-commands-validation"] ?? []),
    negatives: await takesOf(classifier, withoutDoubles(Object.values(words).flat())),
    count: counterAt(classifier.info.threshold),
  };
  const speakers = partOf(all, part);
  const rows = (grid ? GRID : [undefined]).map((fit) =>
    toRow(
      fit,
      speakers.map((own) => lessonsOf(own).map((lesson) => measureLesson(lesson, all, fit))),
    ),
  );
  const takes = countProblems(speakers.map((own) => lessonsOf(own)[0]!.taught));
  const lessons = speakers.map((own) => {
    const { taught, tested } = lessonsOf(own)[0]!;
    return { speaker: own[0]!.speaker, taught, untaught: tested };
  });
  return { speakers: speakers.length, negatives: all.negatives.length, rows, takes, lessons };
}

function measureLesson({ taught, tested }: Lesson, { takes, negatives, count }: Material, fit?: VoiceFit) {
  const usable = taught.filter((take) => !findTakeProblem(take, without(taught, take)));
  const voice = fitVoice(usable, fit);
  const others = takes.filter(({ speaker }) => speaker !== taught[0]!.speaker);
  const change = (list: readonly Take[], what: keyof Counts): Change => [
    count(list)[what] / list.length,
    count(list, voice)[what] / list.length,
  ];
  return {
    wrong: change(tested, "wrong"),
    missed: change(tested, "missed"),
    accepted: change(tested, "accepted"),
    othersMissed: change(others, "missed"),
    falseAccepts: [count(negatives).accepted, count(negatives, voice).accepted] as const,
  };
}

type MeasuredLesson = ReturnType<typeof measureLesson>;

/** @param measured The lessons of each speaker. */
function toRow(fit: VoiceFit | undefined, measured: readonly MeasuredLesson[][]): VoicesRow {
  const mean = (what: keyof MeasuredLesson, of = measured) =>
    meanChange(of.map((lessons) => meanChange(lessons.map((lesson) => lesson[what]))));
  const missedBefore = (lessons: MeasuredLesson[]) => mean("missed", [lessons])[0];
  const worst = measured
    .toSorted((a, b) => missedBefore(b) - missedBefore(a))
    .slice(0, Math.max(1, Math.round(measured.length / 5)));
  return {
    fit,
    wrong: mean("wrong"),
    missed: mean("missed"),
    missedWorst: mean("missed", worst),
    accepted: mean("accepted"),
    othersMissed: mean("othersMissed"),
    falseAccepts: mean("falseAccepts"),
    falseAcceptsMost: Math.max(...measured.flat().map(({ falseAccepts }) => falseAccepts[1])),
  };
}

function withoutDoubles(recordings: readonly Recording[]): Recording[] {
  return [...new Map(recordings.map((recording) => [recording.path, recording])).values()];
}

async function takesOf(classifier: Classifier, recordings: readonly Recording[]): Promise<Take[]> {
  const takes: Take[] = [];
  for (const [i, samples] of (await loadSamples(recordings)).entries()) {
    const recording = recordings[i]!;
    const take = { samples, sampleRate: SAMPLE_RATE, label: classOf(recording) };
    const heard = await hearTake(classifier, take);
    takes.push({ ...heard, speaker: recording.speaker, isSilent: isSilent(samples) });
  }
  return takes;
}

function counterAt(threshold: number): Material["count"] {
  return (takes, voice) => {
    const counts = { wrong: 0, missed: 0, accepted: 0 };
    for (const { logits, direction, isSilent, label } of takes) {
      const changed = voice ? logitsOfVoice(logits, direction, voice) : logits;
      const { digit, topDigit } = decide(changed, { threshold, isSilent });
      counts.wrong += Number(topDigit !== label);
      counts.missed += Number(digit !== label);
      counts.accepted += Number(digit !== null);
    }
    return counts;
  };
}

/** The takes of speakers with enough of them, hardest first, dealt out in turn so that both parts are as hard. */
function partOf({ takes, count }: Material, part: VoicesOptions["part"]): Take[][] {
  return [...new Set(takes.map(({ speaker }) => speaker))]
    .sort()
    .map((name) => takes.filter(({ speaker }) => speaker === name))
    .filter((own) => byDigit(own).filter((all) => all.length >= LEAST_TAKES).length >= LEAST_DIGITS)
    .map((own) => ({ own, missed: count(own).missed / own.length }))
    .sort((a, b) => b.missed - a.missed)
    .filter((_, rank) => (rank % 4 === 0 || rank % 4 === 3) === (part === "dev"))
    .map(({ own }) => own);
}

const byDigit = (takes: readonly Take[]): Take[][] =>
  Array.from({ length: 10 }, (_, digit) => takes.filter(({ label }) => label === digit));

/** Five lessons, each with another three takes of every digit that has enough. */
function lessonsOf(own: readonly Take[]): Lesson[] {
  return Array.from({ length: LEAST_TAKES }, (_, first) => {
    const taught = byDigit(own)
      .filter((all) => all.length >= LEAST_TAKES)
      .flatMap((all) => Array.from({ length: TAUGHT_TAKES }, (_, k) => all[(first + k) % all.length]!));
    return { taught, tested: own.filter((take) => !taught.includes(take)) };
  });
}

function countProblems(lessons: readonly Take[][]): VoicesReport["takes"] {
  const all = lessons.flatMap((taught) => taught.map((take) => ({ take, others: without(taught, take) })));
  const found = all.filter(({ take, others }) => findTakeProblem(take, others));
  const foundMislabelled = all.filter(({ take, others }) =>
    findTakeProblem({ ...take, label: (take.label + 1) % 10 }, others),
  );
  return { n: all.length, leftOut: found.length, leftOutMislabelled: foundMislabelled.length };
}

function without<T>(list: readonly T[], item: T): T[] {
  return list.filter((other) => other !== item);
}

/** The mean of changes. @param changes At least one. */
export const meanChange = (changes: readonly Change[]): Change => [
  changes.reduce((sum, [before]) => sum + before, 0) / changes.length,
  changes.reduce((sum, [, after]) => sum + after, 0) / changes.length,
];

/** Shares in per cent. @param change 0..1 each. */
export const percentChange = ([before, after]: Change): string =>
  `${(100 * before).toFixed(2)} -> ${(100 * after).toFixed(2)}`;

/** The report as text. @param report From {@link measureVoices}. */
export function formatVoices(report: Omit<VoicesReport, "lessons">): string {
  const { speakers, negatives, rows, takes } = report;
  const columns: Record<string, (row: VoicesRow) => string> = {
    fit: ({ fit }) =>
      fit ? `reach ${fit.reach}, penalty ${fit.penalty}, caution ${fit.caution}` : "as shipped",
    "wrong %": ({ wrong }) => percentChange(wrong),
    "not accepted right %": ({ missed }) => percentChange(missed),
    "the same, worst fifth": ({ missedWorst }) => percentChange(missedWorst),
    "accepted %": ({ accepted }) => percentChange(accepted),
    "others' not right %": ({ othersMissed }) => percentChange(othersMissed),
    "false accepts": ({ falseAccepts: [before, after] }) => `${before} -> ${after.toFixed(1)}`,
    most: ({ falseAcceptsMost }) => String(falseAcceptsMost),
  };
  const cells = rows.map((row) => Object.values(columns).map((cellOf) => cellOf(row)));
  const table = formatTable([Object.keys(columns), ...cells]);
  return `${speakers} speakers, ${negatives} recordings without a digit

${table}

takes left out: ${takes.leftOut} of ${takes.n}; with a wrong label: ${takes.leftOutMislabelled} of ${takes.n}`;
}
