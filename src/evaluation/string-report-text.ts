import type { StringFigures, StringReport, StringRow } from "./string-report.ts";
import { counted, failedSection, formatTable, percent } from "./text-table.ts";

const FIGURES = ["strings", "right", "digits", "error rate", "substituted", "deleted", "inserted"] as const;
const MAX_EXAMPLES = 20;

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
    ...(n > 0 ? [overall(report)] : []),
    ...(n > 0 ? [groupSection("corpus", byCorpus), groupSection("speaker", bySpeaker)] : []),
    ...(wrong.length > 0 ? [wrongSection(wrong)] : []),
    ...(failed.n > 0 ? [failedSection(failed)] : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function overall(report: StringReport): string {
  const { n, stringAccuracy, nDigits, digitErrorRate, substitutions, deletions, insertions } = report;
  return [
    `Strings: ${n}, right ${percent(stringAccuracy)}`,
    `Digits: ${nDigits}, error rate ${percent(digitErrorRate)} ` +
      `(${substitutions} substituted, ${deletions} deleted, ${insertions} inserted)`,
  ].join("\n");
}

function groupSection(kind: string, groups: Record<string, StringFigures>): string {
  const rows = Object.entries(groups).map(([name, figures]) => [name, ...cellsOf(figures)]);
  return `Per ${kind}\n${formatTable([[kind, ...FIGURES], ...rows])}`;
}

function cellsOf(figures: StringFigures): string[] {
  const { n, stringAccuracy, nDigits, digitErrorRate, substitutions, deletions, insertions } = figures;
  const errors = [substitutions, deletions, insertions].map(String);
  return [String(n), percent(stringAccuracy), String(nDigits), percent(digitErrorRate), ...errors];
}

function wrongSection(rows: readonly StringRow[]): string {
  const cells = rows
    .slice(0, MAX_EXAMPLES)
    .map(({ digits, heard, path }) => [digits || "-", heard || "-", path]);
  const title = `Heard wrong: ${counted(rows.length, "recording")}`;
  const table = formatTable([["spoken", "heard", "recording"], ...cells], ["left", "left", "left"]);
  return rows.length > MAX_EXAMPLES ? `${title}, the first ${MAX_EXAMPLES}\n${table}` : `${title}\n${table}`;
}
