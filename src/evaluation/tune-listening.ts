// The settings of each way of listening, chosen on people who neither train nor are reported: one setting after another is
// tried at every value, and what costs least is kept, until nothing gets better.

import { type Decoding, EXPECTATIONS, type Expectation } from "../live/decoding.ts";
import { fitStringCalibration } from "./fit-string-calibration.ts";
import { delaysIn, digitsIn, type HeardRecording, stringOutcomes } from "./heard-frames.ts";
import { type ListeningReport, type ListeningSets, measureListening } from "./listening-report.ts";
import { quantileOf } from "./stream-errors.ts";

/** Where a way of listening got to. */
export type TunedListening = { expect: Expectation; cost: number; report: ListeningReport };

/** Values of some settings. */
type Values = Record<string, number>;

const axis = (name: string, values: readonly number[]): Values[] =>
  values.map((value) => ({ [name]: value }));

const PATH_AXES = [
  axis("digitBias", [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5]),
  axis("endBias", [-0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5]),
  axis("digitPenalty", [1, 2, 4, 6, 8, 10]),
  axis("minFrames", [3, 4]),
  axis("otherPenalty", [0, 0.5, 1, 2, 3, 5]),
];
/** What other speech before a digit costs is tried together with what is left of it. */
const OTHER_COSTS = axis("otherCost", [0, 0.2, 0.4, 0.6, 0.8, 1.1, 1.5, 2]);
/** What a digit and a number cost is tried together: the one makes up for the other. */
const NUMBER_COSTS = axis("digitCost", [0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45]).flatMap((digit) =>
  axis("entryCost", [0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.1, 1.3, 1.6]).map((entry) => ({ ...digit, ...entry })),
);
/** What is tried, one list after another. Lookahead and beam bound the delay and stay. */
const AXES: Record<Expectation, readonly (readonly Values[])[]> = {
  digits: PATH_AXES,
  numbers: [
    ...PATH_AXES,
    NUMBER_COSTS,
    OTHER_COSTS,
    axis("threshold", [0, 0.1, 0.2, 0.3, 0.4]),
    axis("maxGapMs", [700, 1000, 1500, 2000]),
    axis("aloneConfidence", [0.15, 0.2, 0.3, 0.4, 0.5]),
    axis("aloneContrastDb", [4, 6, 8, 10, 14]),
    axis("aloneQuietMs", [160, 200, 250, 320]),
  ],
  any: [
    ...PATH_AXES,
    OTHER_COSTS.flatMap((cost) =>
      axis("threshold", [0, 0.1, 0.2, 0.3, 0.4, 0.5]).map((least) => ({ ...cost, ...least })),
    ),
  ],
};
const MAX_ROUNDS = 3;

/** The sets of numbers that count, and those that count as one although they are of several corpora. */
const NUMBER_SETS: Record<Expectation, readonly string[]> = {
  digits: ["digits alone"],
  numbers: ["digits alone", "in sentences"],
  any: ["digits alone"],
};
const WHOLE_SETS: Record<Expectation, readonly string[]> = {
  digits: ["one digit", "spaced", "run together", "loud noise"],
  numbers: ["one digit", "among words"],
  any: ["one digit", "spaced", "run together", "loud noise"],
};
/** What a false digit an hour costs against a per cent of digits wrong: in speech, and in what nobody says. */
const FALSE_DIGIT_COSTS: Record<Expectation, { speech: number; others: number }> = {
  digits: { speech: 0, others: 0 },
  numbers: { speech: 0.1, others: 0.1 },
  any: { speech: 0.02, others: 0.1 },
};
const WITHOUT_SPEECH = ["noise", "tones", "music", "silence"];
/** 95 of 100 digits are to be emitted within this time of their end, where every digit counts. */
const LONGEST_DELAY_MS = 350;
const LATE = 1000;

/**
 * Chooses all settings, and fits the confidence of strings.
 *
 * @param heard Of dev speakers, from `hearFrames`.
 * @param start Settings to begin with.
 * @param onTuned Called after each way of listening. Default: nobody.
 */
export async function tuneListening(
  heard: ListeningSets<HeardRecording>,
  start: Decoding,
  onTuned: (tuned: TunedListening) => void = () => undefined,
): Promise<Decoding> {
  let decoding = start;
  for (const expect of EXPECTATIONS) {
    const search = new Search(heard, expect);
    decoding = await search.descend(decoding);
    onTuned({ expect, ...(await search.rate(decoding)) });
  }
  const outcomes = stringOutcomes(heard.numbers["digits alone"] ?? [], decoding);
  return { ...decoding, stringConfidence: fitStringCalibration(outcomes) };
}

class Search {
  readonly #heard: ListeningSets<HeardRecording>;
  readonly #expect: Expectation;

  constructor(heard: ListeningSets<HeardRecording>, expect: Expectation) {
    this.#heard = onlyWhatCounts(heard, expect);
    this.#expect = expect;
  }

  async descend(start: Decoding): Promise<Decoding> {
    let best = { decoding: start, cost: (await this.rate(start)).cost };
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = best.cost;
      for (const values of AXES[this.#expect].flat()) {
        const decoding = this.#changed(best.decoding, values);
        const { cost } = await this.rate(decoding);
        if (cost < best.cost) best = { decoding, cost };
      }
      if (best.cost === before) break;
    }
    return best.decoding;
  }

  async rate(decoding: Decoding): Promise<{ cost: number; report: ListeningReport }> {
    const expect = this.#expect;
    const report = await measureListening(this.#heard, (recording) => digitsIn(recording, expect, decoding));
    const late = expect === "any" && this.#isLate(decoding) ? LATE : 0;
    return { cost: costOf(report, expect) + late, report };
  }

  #changed(decoding: Decoding, values: Values): Decoding {
    const before = decoding[this.#expect];
    const settings = { ...before, ...values };
    // Both biases move together, or raising one would never pay.
    if (values.digitBias !== undefined) settings.endBias += values.digitBias - before.digitBias;
    return { ...decoding, [this.#expect]: settings };
  }

  #isLate(decoding: Decoding): boolean {
    const streams = Object.values(this.#heard.numbers).flat();
    const delays = streams.filter(({ spoken }) => spoken).flatMap((stream) => delaysIn(stream, decoding));
    return (
      (quantileOf(
        delays.sort((a, b) => a - b),
        0.95,
      ) ?? 0) > LONGEST_DELAY_MS
    );
  }
}

function onlyWhatCounts(
  { numbers, negatives }: ListeningSets<HeardRecording>,
  expect: Expectation,
): ListeningSets<HeardRecording> {
  const counted = [...NUMBER_SETS[expect], ...WHOLE_SETS[expect]];
  return {
    numbers: Object.fromEntries(Object.entries(numbers).filter(([set]) => counted.includes(set))),
    negatives: FALSE_DIGIT_COSTS[expect].speech > 0 ? negatives : {},
  };
}

/** The mean of the digit error rates in per cent, and what the false digits cost. */
function costOf({ numbers, negatives }: ListeningReport, expect: Expectation): number {
  const rates = Object.entries(numbers).flatMap(([set, report]) =>
    NUMBER_SETS[expect].includes(set)
      ? Object.values(report.byCorpus).map(({ digitErrorRate }) => digitErrorRate ?? 0)
      : [report.digitErrorRate ?? 0],
  );
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
  const { speech, others } = FALSE_DIGIT_COSTS[expect];
  const perHour = (isSpeech: boolean) => {
    const sets = Object.entries(negatives).filter(([set]) => WITHOUT_SPEECH.includes(set) !== isSpeech);
    const hours = sets.reduce((sum, [, figures]) => sum + figures.hours, 0);
    return hours === 0 ? 0 : sets.reduce((sum, [, figures]) => sum + figures.falseDigits, 0) / hours;
  };
  return 100 * mean + speech * perHour(true) + others * perHour(false);
}
