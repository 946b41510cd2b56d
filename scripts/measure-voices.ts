// npm run measure:voices -- [--model MODEL] [--data FOLDER] [--half choosing|reporting] [--grid]: what three takes a digit teach,
// on the validation speakers of Speech Commands with five takes of three digits or more.

import { parseArgs } from "node:util";
import { locateCorpora } from "../src/corpus/find-corpus.ts";
import { loadSamples } from "../src/corpus/load-samples.ts";
import { classOf, type Recording } from "../src/corpus/recording.ts";
import { readHeldOutMaterial } from "../src/evaluation/held-out-material.ts";
import { formatTable } from "../src/evaluation/text-table.ts";
import { loadClassifier } from "../src/model/load-classifier.ts";
import { decide } from "../src/model/prediction.ts";
import { findTakeProblem } from "../src/model/take-problems.ts";
import { fitVoice, type HeardTake, hearTake, type VoiceFit } from "../src/model/teach-voice.ts";
import { logitsOfVoice } from "../src/model/voice-profile.ts";

const LEAST_TAKES = 5;
const LEAST_DIGITS = 3;
const TAUGHT_TAKES = 3;
const RATE = 8000;
const REACHES = [0.7, 0.8, 0.85];
const PENALTIES = [0.0003, 0.001, 0.003];

const HEAD = [
  "fit",
  "wrong",
  "not answered right",
  "the same, worst fifth",
  "answered",
  "false accepts",
  "most",
  "others' digits",
];

/** What was heard in a recording; `label` is 10 for what is no digit. */
type Heard = HeardTake & { speaker: string; peak: number };
type Voice = Parameters<typeof logitsOfVoice>[2];
/** One teaching of one speaker. */
type Lesson = { taught: Heard[]; tested: Heard[] };
type Counts = { n: number; wrong: number; missed: number; answered: number };

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "compact" },
    data: { type: "string" },
    half: { type: "string", default: "reporting" },
    grid: { type: "boolean", default: false },
  },
});
const classifier = await loadClassifier({ model: values.model });
const { digits, words } = await readHeldOutMaterial(await locateCorpora({ data: values.data }));
const heardDigits = await hearAll(digits["speech-commands-validation"] ?? []);
const negatives = await hearAll(withoutDoubles(Object.values(words).flat()));
const speakers = halfOf(values.half === "choosing" ? "choosing" : "reporting");
console.log(
  `${values.half} half: ${speakers.length} speakers, ${negatives.length} recordings without a digit\n`,
);
console.log(formatTable([HEAD, ...fits().map(row)], ["left", ...HEAD.slice(1).map(() => "right" as const)]));
console.log(`\n${describeChecks()}`);
await classifier.release();

function fits(): (VoiceFit | undefined)[] {
  if (!values.grid) return [undefined];
  return REACHES.flatMap((reach) => PENALTIES.map((penalty) => ({ reach, penalty })));
}

function withoutDoubles(recordings: readonly Recording[]): Recording[] {
  return [...new Map(recordings.map((recording) => [recording.path, recording])).values()];
}

async function hearAll(recordings: readonly Recording[]): Promise<Heard[]> {
  const clips = await loadSamples(recordings);
  const heard: Heard[] = [];
  for (const [i, recording] of recordings.entries()) {
    const samples = clips[i]!;
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const take = { samples, sampleRate: RATE, label: classOf(recording) };
    heard.push({ ...(await hearTake(classifier, take)), speaker: recording.speaker, peak });
  }
  return heard;
}

/** Speakers with enough takes, hardest first, dealt out in turn so that both halves are as hard. */
function halfOf(half: "choosing" | "reporting"): string[] {
  const names = [...new Set(heardDigits.map(({ speaker }) => speaker))].sort();
  const ranked = names
    .filter((name) => takesOf(name).filter((takes) => takes.length >= LEAST_TAKES).length >= LEAST_DIGITS)
    .map((name) => ({ name, missed: share(countsOf(takesOf(name).flat(), null)).missed }))
    .sort((a, b) => b.missed - a.missed);
  return ranked
    .filter((_, rank) => (rank % 4 === 0 || rank % 4 === 3) === (half === "choosing"))
    .map(({ name }) => name);
}

function takesOf(speaker: string): Heard[][] {
  const own = heardDigits.filter((heard) => heard.speaker === speaker);
  return Array.from({ length: 10 }, (_, digit) => own.filter(({ label }) => label === digit));
}

/** Five lessons, each with another three takes of every digit that has enough. */
function lessonsOf(speaker: string): Lesson[] {
  const takes = takesOf(speaker);
  return Array.from({ length: LEAST_TAKES }, (_, first) => {
    const taught = takes
      .filter((all) => all.length >= LEAST_TAKES)
      .flatMap((all) => Array.from({ length: TAUGHT_TAKES }, (_, k) => all[(first + k) % all.length]!));
    return { taught, tested: takes.flat().filter((heard) => !taught.includes(heard)) };
  });
}

function decisionOf({ logits, direction, peak }: Heard, voice: Voice | null) {
  const changed = voice ? logitsOfVoice(logits, direction, voice) : logits;
  return decide(changed, { threshold: classifier.info.threshold, peak });
}

function countsOf(all: readonly Heard[], voice: Voice | null): Counts {
  const counts = { n: all.length, wrong: 0, missed: 0, answered: 0 };
  for (const heard of all) {
    const { digit, topDigit } = decisionOf(heard, voice);
    counts.wrong += Number(topDigit !== heard.label);
    counts.missed += Number(digit !== heard.label);
    counts.answered += Number(digit !== null);
  }
  return counts;
}

function share({ n, wrong, missed, answered }: Counts) {
  return { wrong: wrong / n, missed: missed / n, answered: answered / n };
}

/** All lessons of a speaker: before and after. */
function measureSpeaker(speaker: string, fit: VoiceFit | undefined) {
  const others = heardDigits.filter((heard) => heard.speaker !== speaker);
  const lessons = lessonsOf(speaker).map(({ taught, tested }) => {
    const usable = taught.filter((take) => !findTakeProblem(take, without(taught, take)));
    const voice = fitVoice(usable, fit);
    const [before, after] = [share(countsOf(tested, null)), share(countsOf(tested, voice))];
    const falseAccepts = countsOf(negatives, voice).answered;
    return { before, after, falseAccepts, others: share(countsOf(others, voice)).missed };
  });
  const over = (pick: (lesson: (typeof lessons)[number]) => number) => mean(lessons.map(pick));
  return {
    wrong: [over((l) => l.before.wrong), over((l) => l.after.wrong)] as const,
    missed: [over((l) => l.before.missed), over((l) => l.after.missed)] as const,
    answered: [over((l) => l.before.answered), over((l) => l.after.answered)] as const,
    falseAccepts: over((l) => l.falseAccepts),
    most: Math.max(...lessons.map((l) => l.falseAccepts)),
    others: [share(countsOf(others, null)).missed, over((l) => l.others)] as const,
  };
}

function row(fit: VoiceFit | undefined): string[] {
  const measured = speakers.map((speaker) => measureSpeaker(speaker, fit));
  const worst = [...measured]
    .sort((a, b) => b.missed[0] - a.missed[0])
    .slice(0, Math.max(1, Math.round(measured.length / 5)));
  const change = (pairs: readonly (readonly [number, number])[]) =>
    [0, 1].map((i) => (100 * mean(pairs.map((pair) => pair[i]!))).toFixed(2)).join(" -> ");
  return [
    fit ? `reach ${fit.reach}, penalty ${fit.penalty}` : "as shipped",
    change(measured.map(({ wrong }) => wrong)),
    change(measured.map(({ missed }) => missed)),
    change(worst.map(({ missed }) => missed)),
    change(measured.map(({ answered }) => answered)),
    `${countsOf(negatives, null).answered} -> ${mean(measured.map((m) => m.falseAccepts)).toFixed(1)}`,
    `${Math.max(...measured.map(({ most }) => most))}`,
    change(measured.map(({ others }) => others)),
  ];
}

/** How many takes are noticed: as they are, and with the label of another digit. */
function describeChecks(): string {
  const own = speakers.map((speaker) => lessonsOf(speaker)[0]!.taught);
  const noticed = own.flatMap((takes) =>
    takes.map((take) => {
      const others = without(takes, take);
      const swapped = { ...take, label: (take.label + 1) % 10 };
      return [findTakeProblem(take, others), findTakeProblem(swapped, others)].map((found) => found !== null);
    }),
  );
  const [right, wrong] = [0, 1].map((i) => noticed.filter((pair) => pair[i]).length);
  return `takes left out: ${right} of ${noticed.length}; with a wrong label: ${wrong} of ${noticed.length}`;
}

function without<T>(list: readonly T[], item: T): T[] {
  return list.filter((other) => other !== item);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
