import type { Report } from "./report.ts";
import { counted, failedSection, formatTable, percent } from "./text-table.ts";

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
