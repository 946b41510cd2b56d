import type { RobustnessReport, RobustnessRow } from "./robustness.ts";
import { formatTable, percent } from "./text-table.ts";

const HEADER = ["condition", "", "accuracy", "accepted", "reduced: accuracy", "accepted"];

/**
 * A robustness report as text for a terminal: a line a condition, without and with noise reduction.
 *
 * @returns Lines of plain text without colours, the last one ended by a line feed.
 */
export function formatRobustness(report: RobustnessReport): string {
  const title = `Robustness: ${report.n} clips of digits a line, seed ${report.seed}; right columns after noise reduction`;
  const rows = report.rows.map((row, index) => toCells(row, report.rows[index - 1]));
  const table = formatTable([HEADER, ...rows]);
  return `${title}\n\n${table}\n`;
}

/** A group is named in its first line alone. */
function toCells(row: RobustnessRow, before: RobustnessRow | undefined): string[] {
  const { group, plain, denoised } = row;
  const figures = [plain.accuracy, plain.accepted, denoised.accuracy, denoised.accepted];
  return [
    before?.group === group ? "" : group,
    formatSetting(row),
    ...figures.map((share) => percent(share, 1)),
  ];
}

/** The setting of a row with its unit, for example `10 dB` or `x 0.8`; empty where there is nothing to set. */
export function formatSetting({ setting, unit }: Pick<RobustnessRow, "setting" | "unit">): string {
  if (setting === null) return "";
  return unit === "" ? `x ${setting}` : `${setting} ${unit}`;
}
