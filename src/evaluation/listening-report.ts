// How well a way of listening hears people: numbers of held-out speakers, and how often it hears a digit where none is.

import type { FluentTestMaterial, FluentTestRecording, NegativeSet, NumberSet } from "./fluent-material.ts";
import type { StringFigures, StringReport, StringRow } from "./string-report.ts";
import { buildStringReport } from "./string-report.ts";
import { type Alignment, formatTable } from "./text-table.ts";

/** What one way of listening is measured on. */
export type ListeningMaterial = {
  numbers: Partial<Record<NumberSet | "one digit", readonly FluentTestRecording[]>>;
  negatives: Partial<Record<NegativeSet | "noise" | "tones" | "silence", readonly NegativeRecording[]>>;
};

/** Something without a digit. */
export type NegativeRecording = Pick<FluentTestRecording, "samples" | "path">;

/** What one way of listening comes to. */
export type ListeningReport = {
  /** By set. */
  numbers: Record<string, StringReport>;
  /** By set: false digits, hours of sound, and the one over the other. */
  negatives: Record<string, { falseDigits: number; hours: number; perHour: number }>;
};

const SAMPLE_RATE = 8000;

/**
 * The sets of one part, and what else is to be heard.
 *
 * @param fluent From `readFluentTestMaterial`.
 * @param others Single digits, noise, tones, silence. Default: none.
 */
export function listeningMaterial(
  fluent: FluentTestMaterial,
  others: Partial<ListeningMaterial> = {},
): ListeningMaterial {
  return {
    numbers: { ...fluent.numbers, ...others.numbers },
    negatives: { ...fluent.negatives, ...others.negatives },
  };
}

/**
 * Measures a way of listening.
 *
 * @param material What is heard.
 * @param recognize From samples at 8 kHz to the digits heard in them, in order.
 * @param onProgress Called after each set with its name. Default: nobody.
 */
export async function measureListening(
  material: ListeningMaterial,
  recognize: (samples: Float32Array) => Promise<string>,
  onProgress: (set: string) => void = () => undefined,
): Promise<ListeningReport> {
  const report: ListeningReport = { numbers: {}, negatives: {} };
  for (const [set, recordings] of Object.entries(material.numbers)) {
    const rows: StringRow[] = [];
    for (const { samples, ...said } of recordings) {
      rows.push({ ...said, heard: await recognize(samples), durationMs: samples.length / 8 });
    }
    report.numbers[set] = buildStringReport(rows);
    onProgress(set);
  }
  for (const [set, recordings] of Object.entries(material.negatives)) {
    let [falseDigits, length] = [0, 0];
    for (const { samples } of recordings) {
      falseDigits += (await recognize(samples)).length;
      length += samples.length;
    }
    const hours = length / SAMPLE_RATE / 3600;
    report.negatives[set] = { falseDigits, hours, perHour: hours === 0 ? 0 : falseDigits / hours };
    onProgress(set);
  }
  return report;
}

/**
 * The report as text: a line for each corpus of each set, each speaker where it is asked for, and the false digits.
 *
 * @param report Of {@link measureListening}.
 * @param options.speakers Whether each speaker has a line. Default: false.
 */
export function formatListeningReport(report: ListeningReport, options: { speakers?: boolean } = {}): string {
  const heading = [
    "set",
    "whose",
    "strings",
    "right",
    "digits",
    "errors",
    "substituted",
    "missed",
    "too many",
  ];
  const rows = Object.entries(report.numbers).flatMap(([set, figures]) =>
    linesOf(figures, options.speakers ?? false).map(([whose, line]) => [set, whose, ...cellsOf(line)]),
  );
  const alignments: Alignment[] = heading.map((_, i) => (i < 2 ? "left" : "right"));
  const negatives = Object.entries(report.negatives).map(([set, { falseDigits, hours, perHour }]) => [
    set,
    String(falseDigits),
    (60 * hours).toFixed(1),
    perHour.toFixed(0),
  ]);
  return [
    formatTable([heading, ...rows], alignments),
    formatTable(
      [["without a digit", "false digits", "minutes", "an hour"], ...negatives],
      ["left", "right", "right", "right"],
    ),
  ].join("\n\n");
}

function linesOf(report: StringReport, speakers: boolean): [string, StringFigures][] {
  return [
    ["all", report],
    ...Object.entries(report.byCorpus),
    ...(speakers ? Object.entries(report.bySpeaker) : []),
  ];
}

function cellsOf(figures: StringFigures): string[] {
  const { n, stringAccuracy, nDigits, digitErrorRate, substitutions, deletions, insertions } = figures;
  const errors = [substitutions, deletions, insertions].map(String);
  return [String(n), percent(stringAccuracy), String(nDigits), percent(digitErrorRate), ...errors];
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(100 * share).toFixed(1)} %`;
}
