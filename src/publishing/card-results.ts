import { DIGIT_TESTS, type DigitTestName } from "../evaluation/held-out-material.ts";
import type { ModelReport } from "../evaluation/model-report.ts";
import type { RobustnessReport } from "../evaluation/robustness.ts";
import { formatSetting } from "../evaluation/robustness-text.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import {
  digitTable,
  leftOutTable,
  markdownTable,
  percent,
  recallTable,
  rejectionTable,
  robustnessTable,
  speakerTables,
} from "./card-tables.ts";

/**
 * The figures of a report: digits by test, digit and speaker; what is no digit; damaged digits.
 *
 * @param report What was measured.
 * @returns Markdown with headings of the third level.
 */
export function measuredResults(report: ModelReport): string {
  const { digits, leftOutSpeakers, rejection, robustness } = report;
  const bySpeaker = speakerTables(digits);
  const sections = [
    howMeasured(report),
    `### Digits\n\n${digitTable(digits)}`,
    `Recall of each digit:\n\n${recallTable(digits)}`,
    ...(bySpeaker === "" ? [] : [`### By speaker\n\n${bySpeaker}`]),
    ...(leftOutSpeakers ? [`### Speakers left out\n\n${LEFT_OUT}\n\n${leftOutTable(leftOutSpeakers)}`] : []),
    `### What is no digit\n\n${rejectionTable(rejection)}`,
    ...damagedTests(robustness).map(([test, figures]) => damagedSection(test, figures)),
  ];
  return sections.join("\n\n");
}

/**
 * The figures that a model file has of itself, for a model without a report.
 *
 * @param info What the model file says of itself.
 */
export function resultsInFile(info: ModelInfo): string {
  const rows = Object.entries(info.accuracy).map(([test, share]) => [test, percent(share)]);
  return rows.length > 0 ? markdownTable(["test", "best digit right"], rows) : "None were measured.";
}

/**
 * What the figures say of a model's limits.
 *
 * @param report What was measured.
 * @returns Items of a list in Markdown; may be none.
 */
export function measuredLimits(report: ModelReport): string[] {
  const { rejection, robustness } = report;
  const words = rejection.words["unheard-words"];
  return [
    ...(words
      ? [`- Of words that are no digits, ${percent(words.answered / words.n)} are false accepts.`]
      : []),
    ...damagedTests(robustness).map(([test, { rows }]) => {
      const worst = [...rows].sort((a, b) => a.plain.accuracy - b.plain.accuracy)[0]!;
      const condition = `${worst.group} ${formatSetting(worst)}`.trimEnd();
      return `- The worst of the conditions tried leaves ${percent(worst.plain.accuracy)} right: ${condition} (${DIGIT_TESTS[test]}).`;
    }),
  ];
}

const LEFT_OUT =
  "The recipe, trained without each speaker in turn, often for fewer steps (docs/accuracy.md in the repository says how many), and tested on all clips of that one:";

function howMeasured({ model, prepared }: ModelReport): string {
  const preparation = prepared.trim
    ? "silence is cut off both ends first, as the package does"
    : "recordings are taken as they are";
  return `At the threshold of ${model.threshold}; ${preparation}. All of these recordings are unseen and, but for FSDD's, none of
these voices; what there was to choose was chosen by the validation speakers of Speech Commands.`;
}

function damagedSection(test: DigitTestName, figures: RobustnessReport): string {
  return `### Damaged digits: ${DIGIT_TESTS[test]}

${figures.n} clips under each condition, as they are and with noise reduced (\`--denoise\`).

${robustnessTable(figures)}`;
}

function damagedTests(robustness: ModelReport["robustness"]): [DigitTestName, RobustnessReport][] {
  return Object.entries(robustness) as [DigitTestName, RobustnessReport][];
}
