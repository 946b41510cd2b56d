import type { Report, StringFigures, StringReport, StringRow } from "./report.ts";
import { counted, failedSection, formatTable, percent } from "./text-table.ts";

const FIGURES = ["strings", "right", "digits", "error rate", "substituted", "deleted", "inserted"] as const;
const MAX_EXAMPLES = 20;

/**
 * A report as text for a terminal: figures over all, per digit, the confusion matrix, per speaker, per corpus, false
 * accepts and failed files. A section about which nothing was measured is left out.
 *
 * @returns Lines of plain text without colours, the last one ended by a line feed.
 */
export function formatReport(report: Report): string {
  const { digits, none, failed } = report;
  const sections = [
    `${counted(report.n, "clip")} classified, ${counted(failed.n, "file")} failed`,
    ...(digits.n > 0 ? digitSections(digits) : []),
    ...(none.n > 0 ? [noneSection(none)] : []),
    ...(failed.n > 0 ? [failedSection(failed)] : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function digitSections(digits: Report["digits"]): string[] {
  const overall = `Digits: ${counted(digits.n, "clip")}, accuracy ${percent(digits.accuracy)}, accepted ${percent(digits.accepted)}`;
  return [
    overall,
    `Per digit\n${perDigitTable(digits.perDigit)}`,
    `Confusion (row: spoken, column: predicted)\n${confusionTable(digits.confusion)}`,
    `Per speaker\n${speakerTable(digits.bySpeaker)}`,
    `Per corpus\n${corpusTable(digits.byCorpus)}`,
  ];
}

function perDigitTable(entries: Report["digits"]["perDigit"]): string {
  const rows = entries.map(({ digit, precision, recall, f1, support }) => [
    String(digit),
    ...[precision, recall, f1].map((share) => percent(share)),
    String(support),
  ]);
  return formatTable([["digit", "precision", "recall", "F1", "clips"], ...rows]);
}

function confusionTable(confusion: readonly (readonly number[])[]): string {
  const rows = confusion.map((counts, digit) => [digit, ...counts.map((n) => n || ".")].map(String));
  return formatTable([["", ...confusion.keys()].map(String), ...rows]);
}

function speakerTable(bySpeaker: Report["digits"]["bySpeaker"]): string {
  const rows = Object.entries(bySpeaker).map(([name, { n, accuracy }]) => [
    name,
    String(n),
    percent(accuracy),
  ]);
  return formatTable([["speaker", "clips", "accuracy"], ...rows]);
}

function corpusTable(byCorpus: Report["digits"]["byCorpus"]): string {
  const rows = Object.entries(byCorpus).map(([name, { n, accuracy, accepted }]) => [
    name,
    String(n),
    percent(accuracy),
    percent(accepted),
  ]);
  return formatTable([["corpus", "clips", "accuracy", "accepted"], ...rows]);
}

function noneSection({ n, falseAccept, byCorpus }: Report["none"]): string {
  const rows = Object.entries(byCorpus).map(([name, figures]) => [
    name,
    String(figures.n),
    percent(figures.falseAccept),
  ]);
  const overall = `No digit: ${counted(n, "clip")}, false accepts ${percent(falseAccept)}`;
  return `${overall}\n${formatTable([["corpus", "clips", "false accepts"], ...rows])}`;
}

/**
 * A report as text for a terminal: figures over all, per corpus and per speaker, strings heard wrong (the first twenty),
 * and failed files. A section about which nothing was measured is left out.
 *
 * @param report What was measured.
 * @param rows The recordings that it sums up.
 * @returns Lines of plain text without colours, the last one ended by a line feed.
 */
export function formatStringReport(report: StringReport, rows: readonly StringRow[]): string {
  const { n, failed, byCorpus, bySpeaker } = report;
  const wrong = rows.filter(({ digits, heard }) => digits !== heard);
  const sections = [
    `${counted(n, "recording")} heard, ${counted(failed.n, "file")} failed`,
    ...(n > 0 ? [overallStrings(report)] : []),
    ...(n > 0 ? [stringGroup("corpus", byCorpus), stringGroup("speaker", bySpeaker)] : []),
    ...(wrong.length > 0 ? [wrongSection(wrong)] : []),
    ...(failed.n > 0 ? [failedSection(failed)] : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function overallStrings(report: StringReport): string {
  const { n, stringAccuracy, nDigits, digitErrorRate, substitutions, deletions, insertions } = report;
  return [
    `Strings: ${n}, right ${percent(stringAccuracy)}`,
    `Digits: ${nDigits}, error rate ${percent(digitErrorRate)} ` +
      `(${substitutions} substituted, ${deletions} deleted, ${insertions} inserted)`,
  ].join("\n");
}

function stringGroup(kind: string, groups: Record<string, StringFigures>): string {
  const rows = Object.entries(groups).map(([name, figures]) => [name, ...stringCells(figures)]);
  return `Per ${kind}\n${formatTable([[kind, ...FIGURES], ...rows])}`;
}

/** The figures of some strings. @param figures Of a report. @param decimals Of shares in per cent. Default: 2. */
export function stringCells(figures: StringFigures, decimals?: number): string[] {
  const { n, stringAccuracy, nDigits, digitErrorRate, substitutions, deletions, insertions } = figures;
  const errors = [substitutions, deletions, insertions].map(String);
  const shares = [stringAccuracy, digitErrorRate].map((share) => percent(share, decimals));
  return [String(n), shares[0]!, String(nDigits), shares[1]!, ...errors];
}

function wrongSection(rows: readonly StringRow[]): string {
  const cells = rows
    .slice(0, MAX_EXAMPLES)
    .map(({ digits, heard, path }) => [digits || "-", heard || "-", path]);
  const title = `Heard wrong: ${counted(rows.length, "recording")}`;
  const table = formatTable([["spoken", "heard", "recording"], ...cells], ["left", "left", "left"]);
  return rows.length > MAX_EXAMPLES ? `${title}, the first ${MAX_EXAMPLES}\n${table}` : `${title}\n${table}`;
}
