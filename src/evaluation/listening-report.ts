// How well a way of listening hears people: numbers of held-out speakers, and how often it hears a digit where none is.

import type { SpokenString } from "./manifest.ts";
import { buildStringReport, type StringFigures, type StringReport, type StringRow } from "./report.ts";
import { stringCells } from "./report-text.ts";
import { type Alignment, formatTable } from "./text-table.ts";

/** What is said in a recording, and for how long. */
export type Said = SpokenString & { durationMs: number };

/** Recordings by set: of numbers, and without a digit. */
export type ListeningSets<R extends Said> = Record<"numbers" | "negatives", Record<string, readonly R[]>>;

/** What one way of listening comes to. */
export type ListeningReport = {
  /** By set. */
  numbers: Record<string, StringReport>;
  /** By set: false digits, hours of sound, and the one over the other. */
  negatives: Record<string, { falseDigits: number; hours: number; perHour: number }>;
};

/**
 * Measures a way of listening.
 *
 * @param sets What is heard.
 * @param recognize From a recording to the digits heard in it, in order.
 * @param onProgress Called after each set with its name. Default: nobody.
 */
export async function measureListening<R extends Said>(
  sets: ListeningSets<R>,
  recognize: (recording: R) => string | Promise<string>,
  onProgress: (set: string) => void = () => undefined,
): Promise<ListeningReport> {
  const report: ListeningReport = { numbers: {}, negatives: {} };
  for (const [set, recordings] of Object.entries(sets.numbers)) {
    const rows: StringRow[] = [];
    for (const recording of recordings) {
      const { path, digits, speaker, corpus, durationMs } = recording;
      rows.push({ path, digits, speaker, corpus, durationMs, heard: await recognize(recording) });
    }
    report.numbers[set] = buildStringReport(rows);
    onProgress(set);
  }
  for (const [set, recordings] of Object.entries(sets.negatives)) {
    let [falseDigits, hours] = [0, 0];
    for (const recording of recordings) {
      falseDigits += (await recognize(recording)).length;
      hours += recording.durationMs / 3_600_000;
    }
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
    linesOf(figures, options.speakers ?? false).map(([whose, line]) => [set, whose, ...stringCells(line, 1)]),
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
