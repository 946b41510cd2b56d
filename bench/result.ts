import { type Alignment, formatTable } from "../src/evaluation/text-table.ts";
import type { Timing } from "./measure.ts";

/** One line of what is printed. */
export type Result = {
  name: string;
  /** The figure; of several calls, the median. */
  value: number;
  unit: "ms" | "MB" | "clips/s" | "examples/s" | "requests/s" | "requests" | "%" | "s/s" | "digits" | "times";
  /** In the same unit, where there were several calls. */
  p95?: number;
  /** Processor time a call, clip or process, in ms. */
  cpuMs?: number;
  /** What it is to be, where that was fixed beforehand. */
  target?: { atMost: number } | { atLeast: number };
};

/** A timing as a result. @param name Its line. @param timing In ms. @param atMostMs Target. Default: none. */
export function timingResult(name: string, timing: Timing, atMostMs?: number): Result {
  const { medianMs, p95Ms, cpuMs } = timing;
  const target = atMostMs === undefined ? undefined : { atMost: atMostMs };
  return { name, value: medianMs, unit: "ms", p95: p95Ms, cpuMs, target };
}

/** Whether a result is as good as its target; undefined without one. @param result Any. */
export function isMet({ value, target }: Result): boolean | undefined {
  if (!target) return undefined;
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}

/** Results as a table with a heading. @param results In the order to print. */
export function formatResults(results: readonly Result[]): string {
  const heading = ["", "median", "p95", "CPU ms", "", "target", ""];
  const alignments: Alignment[] = ["left", "right", "right", "right", "left", "right", "left"];
  return formatTable([heading, ...results.map(cellsOf)], alignments);
}

function cellsOf(result: Result): string[] {
  const { name, value, unit, p95, cpuMs, target } = result;
  return [
    name,
    formatNumber(value),
    p95 === undefined ? "" : formatNumber(p95),
    cpuMs === undefined ? "" : formatNumber(cpuMs),
    unit,
    target ? formatTarget(target) : "",
    target ? (isMet(result) ? "met" : "missed") : "",
  ];
}

function formatTarget(target: NonNullable<Result["target"]>): string {
  return "atMost" in target ? `<= ${target.atMost}` : `>= ${target.atLeast}`;
}

function formatNumber(value: number): string {
  if (value >= 100 || value === 0) return value.toFixed(0);
  return value.toPrecision(3);
}
