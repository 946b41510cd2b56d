// How commands print: results in each format, and errors. Of many files, one that cannot be read stops none of the others.

import { type Command, Option } from "commander";
import stringWidth from "string-width";
import { plainMessage, SpokenDigitsError } from "../errors.ts";

/** What `--format` takes. */
type OutputFormat = "text" | "json" | "csv";

/** What came of a file: a result, or why there is none. */
export type FileOutcome<Result> = { result: Result } | { error: SpokenDigitsError };

/** What {@link addFormatOptions} gives to a command's action. */
export type FormatSettings = { format: OutputFormat; json?: boolean };

/** How a result looks in each format. */
export type ResultPrinter<Result> = LinePrinter<Result> & {
  /** Whole lines; the file is as the user named it, and may be shown. */
  text: (result: Result, file: string) => string;
};

/** How a result looks in one line. */
export type LinePrinter<Result> = {
  /** The fields of a JSON object. */
  json: (result: Result) => object;
  /** The cells of a row of CSV, in the order of the columns. */
  csv: { columns: readonly string[]; cells: (result: Result) => readonly (string | number | null)[] };
};

/**
 * Works on one file. An error of this package is its outcome, and the command will end with exit code 1.
 *
 * @param work What to do.
 * @throws Any other error of `work`, as it is.
 */
export async function outcomeOf<Result>(work: () => Promise<Result>): Promise<FileOutcome<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (!(error instanceof SpokenDigitsError)) throw error;
    process.exitCode = 1;
    return { error };
  }
}

/** Adds `--format` and its short form `--json`. @param command Is changed. @returns The same command. */
export function addFormatOptions(command: Command): Command {
  const formats: OutputFormat[] = ["text", "json", "csv"];
  return command
    .addOption(
      new Option("--format <format>", "text, json (one line for each file) or csv (a table)")
        .choices(formats)
        .default("text"),
    )
    .option("--json", "the same as --format json");
}

/**
 * Makes what prints the outcomes of a command, one after another.
 *
 * @param settings.format The format that the user asked for.
 * @param settings.json Whether the user asked for JSON by its short form.
 * @param printer How a result looks.
 * @returns Called with each file, as the user named it, and what came of it.
 */
export function createPrinter<Result>(
  { format, json }: FormatSettings,
  printer: ResultPrinter<Result>,
): (file: string, outcome: FileOutcome<Result>) => void {
  const kind = json ? "json" : format;
  if (kind === "text") {
    return (file, outcome) => {
      if ("error" in outcome) process.stderr.write(errorLine(outcome.error.message, file));
      else process.stdout.write(printer.text(outcome.result, printable(file)));
    };
  }
  process.stdout.write(headOf(kind, printer));
  // Programs read names as they are.
  const name = process.stdout.isTTY ? printable : String;
  return (file, outcome) => void process.stdout.write(lineOf(kind, printer, { file: name(file), outcome }));
}

/** Formats of which a file can be made, line by line. */
export type LineFormat = Exclude<OutputFormat, "text">;

/** What a file of lines begins with. @param format Which. @param printer.csv How a result looks in a table. */
export function headOf<Result>(format: LineFormat, { csv }: LinePrinter<Result>): string {
  return format === "json" ? "" : csvLine(["file", ...csv.columns, "error"]);
}

/**
 * An outcome as one line. In JSON: `file`, then the fields of the result, or `error` with its code and message.
 *
 * @param format Which.
 * @param printer.json How a result looks as an object.
 * @param printer.csv How it looks in a table.
 * @param done.file As the user named it.
 * @param done.outcome What came of it.
 */
export function lineOf<Result>(
  format: LineFormat,
  { json, csv: { columns, cells } }: LinePrinter<Result>,
  { file, outcome }: { file: string; outcome: FileOutcome<Result> },
): string {
  if (format === "json") {
    const fields = "result" in outcome ? json(outcome.result) : { error: errorFields(outcome.error) };
    return `${JSON.stringify({ file, ...fields })}\n`;
  }
  if ("result" in outcome) return csvLine([file, ...cells(outcome.result), null]);
  return csvLine([file, ...columns.map(() => null), outcome.error.code]);
}

const errorFields = ({ code, message }: SpokenDigitsError) => ({ code, message: plainMessage(message) });

/** A row of CSV (RFC 4180). @param cells Null is an empty cell. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  const texts = cells.map((cell) => (cell === null ? "" : String(cell)));
  return `${texts.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(",")}\n`;
}

/**
 * Columns that the widest of texts takes where it is shown.
 *
 * @param texts Names of files, any number: more than a call takes arguments.
 */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, widthOf(printable(text))), 0);
}

/**
 * Fills a text up with spaces.
 *
 * @param text One line.
 * @param width Columns in a terminal; a wider text stays as it is.
 */
export function padToWidth(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Most names are plain, and there may be a million of them. */
const widthOf = (text: string) => (/^[ -~]*$/.test(text) ? text.length : stringWidth(text));

/**
 * An error as one line for standard error.
 *
 * @param message May have several lines; where it starts with the name of the function or the command that threw it, as our
 *   messages do, that is left out.
 * @param file What it happened to. Default: nothing in particular.
 * @returns Ends with a line feed; of control characters it has no other. What options of functions are called is left out.
 */
export function errorLine(message: string, file?: string): string {
  const where = file === undefined ? "" : `${file}: `;
  return `spoken-digits: ${printable(where + plainMessage(message))}\n`;
}

/**
 * A text that may be shown in a terminal, such as the name of a file: it changes neither colours nor the order of letters.
 *
 * @param text Any; control characters are written as JSON writes them.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
