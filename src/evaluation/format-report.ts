import type { Report } from "./report.ts";
import { type Alignment, formatTable, toPrintable } from "./text-table.ts";

/**
 * A report as text for a terminal: figures over all, per digit, the confusion matrix, per speaker, per corpus, false
 * accepts and failed files. A section about which nothing was measured is left out.
 *
 * @returns Lines of plain text without colours, the last one ended by a line feed.
 */
export function formatReport(report: Report): string {
  const { digits, none, failed } = report;
  const sections = [
    `${count(report.n, "clip")} classified, ${count(failed.n, "file")} failed`,
    ...(digits.n > 0 ? digitSections(digits) : []),
    ...(none.n > 0 ? [noneSection(none)] : []),
    ...(failed.n > 0 ? [failedSection(failed)] : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function digitSections(digits: Report["digits"]): string[] {
  const overall = `Digits: ${count(digits.n, "clip")}, accuracy ${percent(digits.accuracy)}, accepted ${percent(digits.accepted)}`;
  return [
    overall,
    titled("Per digit", perDigitTable(digits.perDigit)),
    titled("Confusion (row: spoken, column: predicted)", confusionTable(digits.confusion)),
    titled("Per speaker", speakerTable(digits.bySpeaker)),
    titled("Per corpus", corpusTable(digits.byCorpus)),
  ];
}

function perDigitTable(entries: Report["digits"]["perDigit"]): string {
  return table(
    ["digit", "precision", "recall", "F1", "clips"],
    entries.map(({ digit, precision, recall, f1, support }) => [
      String(digit),
      percent(precision),
      percent(recall),
      percent(f1),
      String(support),
    ]),
  );
}

function confusionTable(confusion: readonly (readonly number[])[]): string {
  return table(
    ["", ...confusion.keys()].map(String),
    confusion.map((counts, digit) => [String(digit), ...counts.map((n) => (n === 0 ? "." : String(n)))]),
  );
}

function speakerTable(bySpeaker: Report["digits"]["bySpeaker"]): string {
  return table(
    ["speaker", "clips", "accuracy"],
    Object.entries(bySpeaker).map(([name, { n, accuracy }]) => [name, String(n), percent(accuracy)]),
  );
}

function corpusTable(byCorpus: Report["digits"]["byCorpus"]): string {
  return table(
    ["corpus", "clips", "accuracy", "accepted"],
    Object.entries(byCorpus).map(([name, { n, accuracy, accepted }]) => [
      name,
      String(n),
      percent(accuracy),
      percent(accepted),
    ]),
  );
}

function noneSection({ n, falseAccept, byCorpus }: Report["none"]): string {
  const rows = Object.entries(byCorpus).map(([name, figures]) => [
    name,
    String(figures.n),
    percent(figures.falseAccept),
  ]);
  const overall = `No digit: ${count(n, "clip")}, false accepts ${percent(falseAccept)}`;
  return titled(overall, table(["corpus", "clips", "false accepts"], rows));
}

function failedSection({ n, files }: Report["failed"]): string {
  const lines = files.map(
    ({ path, code, message }) => `  ${toPrintable(path)}: ${code}: ${toPrintable(message)}`,
  );
  return titled(`Failed: ${count(n, "file")}`, lines.join("\n"));
}

/** The first column holds names and is set left, the others hold numbers and are set right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const alignments = header.map((_, column): Alignment => (column === 0 ? "left" : "right"));
  return formatTable([header, ...rows], alignments);
}

function titled(title: string, body: string): string {
  return `${title}\n${body}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(100 * share).toFixed(2)} %`;
}
