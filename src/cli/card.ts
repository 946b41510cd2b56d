import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { FileError } from "../errors.ts";
import { addModelOptions, type PublishedModelSettings, readPublishedModel } from "./published-model.ts";

const EXAMPLES = `
Examples:
  spoken-digits card                                        the card of compact
  spoken-digits card --model standard --out models/standard.md
  spoken-digits robustness --model mine.onnx --report mine.report.json
  spoken-digits card --model mine.onnx --out mine.md        a card with these figures`;

/**
 * Adds `card`: the model card, from the model file and what was measured of it.
 *
 * @param program Is changed.
 */
export function addCardCommand(program: Command): void {
  const command = program
    .command("card")
    .description("Write a model's card, in the format of the Hugging Face hub.");
  addModelOptions(command)
    .option("--out <file>", "write it there (default: standard output)")
    .addHelpText("after", EXAMPLES)
    .action(writeCard);
}

async function writeCard({ out, ...settings }: PublishedModelSettings & { out?: string }): Promise<void> {
  const [{ readModelInfo }, { checkReport }, { modelCard }] = await Promise.all([
    import("../model/model-metadata.ts"),
    import("../publishing/hub-files.ts"),
    import("../publishing/model-card.ts"),
  ]);
  const { name, bytes, report } = await readPublishedModel(settings);
  if (report) checkReport(report, bytes);
  const card = modelCard(readModelInfo(bytes), { name, bytes: bytes.length, report });
  if (out === undefined) process.stdout.write(card);
  else await write(out, card);
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new FileError(`card: cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
