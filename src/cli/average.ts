import type { Command } from "commander";

const EXAMPLES = `
Example:
  spoken-digits average runs/first/checkpoint.onnx runs/second/checkpoint.onnx --out models/stream.onnx

A checkpoint that is named twice counts twice. An average is not calibrated: \`spoken-digits tune\` does that.`;

/**
 * Adds `average`: one model out of several trainings of the same net, each gone on from the one before.
 *
 * @param program Is changed.
 */
export function addAverageCommand(program: Command): void {
  program
    .command("average")
    .description("Average the weights of several trainings of one net.")
    .argument("<checkpoints...>", "checkpoint.onnx of each run")
    .requiredOption("--out <file>", "where the model goes")
    .addHelpText("after", EXAMPLES)
    .action(average);
}

async function average(checkpoints: string[], { out }: { out: string }): Promise<void> {
  const [{ averagedModel }, { writeWhole }] = await Promise.all([
    import("../training/average-runs.ts"),
    import("../write-whole.ts"),
  ]);
  await writeWhole(out, await averagedModel(checkpoints));
  process.stdout.write(`${out}\n`);
}
