import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { ERROR_CODES, SpokenDigitsError } from "../errors.ts";
import { addAverageCommand } from "./average.ts";
import { addBatchCommand } from "./batch.ts";
import { addDataCommand } from "./data.ts";
import { addEvaluateCommand, addEvaluateStringsCommand } from "./evaluate.ts";
import { addInfoCommand } from "./info.ts";
import { INTERRUPTED_EXIT_CODE, isInterruption } from "./interruption.ts";
import { addListenCommand } from "./listen.ts";
import { addMeasureCommand } from "./measure.ts";
import { errorLine } from "./output-format.ts";
import { addPredictCommand } from "./predict.ts";
import { addCardCommand, addPublishCommand } from "./publish.ts";
import { addRobustnessCommand } from "./robustness.ts";
import { addServeCommand } from "./serve.ts";
import { addTeachCommand } from "./teach.ts";
import { addTrainCommand } from "./train.ts";
import { addTranscribeCommand } from "./transcribe.ts";
import { addTuneCommand } from "./tune.ts";
import { addVoicesCommand } from "./voices.ts";
import { addWorkCommand } from "./work.ts";

const EXAMPLES = `
Examples:
  spoken-digits predict seven.wav             which digit is spoken in a recording
  spoken-digits predict --json recordings/    all recordings of a folder, one line of JSON each
  spoken-digits transcribe pin.wav            digits said one after another, and when
  spoken-digits batch calls/ --out r.jsonl    millions of recordings, on one machine or many
  spoken-digits evaluate --manifest list.tsv  how good the model is on your own recordings
  spoken-digits help predict                  the settings of a command
  source <(spoken-digits complete bash)       names of commands and options by Tab; also zsh, fish, powershell

Exit codes: 0 done, 1 failed, 2 bad usage, 130 interrupted.`;

/**
 * Runs the command line: prints what was asked for on standard output and every error as one line on standard error.
 *
 * @param args What follows the name of the command.
 * @returns The exit code: 0 done, 1 failed, 2 bad usage, 130 interrupted.
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    const program = createProgram();
    if (args[0] === "complete") await addCompletion(program);
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(error);
  }
}

function createProgram(): Command {
  const program = new Command("spoken-digits")
    .description("Says which digit (0-9) is spoken in a recording.")
    .version(packageJson.version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(errorLine(text)) })
    .addHelpText("after", EXAMPLES);
  addPredictCommand(program);
  addTranscribeCommand(program);
  addBatchCommand(program);
  addWorkCommand(program);
  addListenCommand(program);
  addTrainCommand(program);
  addAverageCommand(program);
  addEvaluateCommand(program);
  addTeachCommand(program);
  addRobustnessCommand(program);
  addCardCommand(program);
  addPublishCommand(program);
  addEvaluateStringsCommand(program);
  addMeasureCommand(program);
  addTuneCommand(program);
  addDataCommand(program);
  addVoicesCommand(program);
  addInfoCommand(program);
  addServeCommand(program);
  return program;
}

// What the library has no option for: where it knows nothing, the shell completes names of files, which most arguments are.
async function addCompletion(program: Command): Promise<void> {
  const { default: tab } = await import("@bomb.sh/tab/commander");
  const root = tab(program);
  const complete = (begun: string) => {
    const value = begun.slice(begun.indexOf("=") + 1);
    const found = root.completions.filter((one) => one.value.startsWith(value));
    const lines = found.map((one) => `${one.value}\t${one.description ?? ""}\n`);
    process.stdout.write(`${lines.join("")}${lines.length > 0 ? ":4" : ":0"}\n`);
  };
  const setup: typeof root.setup = (name, command, shell) => {
    Object.getPrototypeOf(root).setup.call(root, name, command, shell);
    if (shell === "bash")
      process.stdout.write("complete -o default -F __spoken_digits_complete spoken-digits\n");
  };
  Object.assign(root, { complete, setup });
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its message by then; the help that was asked for counts as done.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isInterruption(error)) return INTERRUPTED_EXIT_CODE;
  process.stderr.write(errorLine(error instanceof Error ? error.message : String(error)));
  if (error instanceof SpokenDigitsError) return ERROR_CODES[error.code].exitCode;
  if (process.env.SPOKEN_DIGITS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 1;
}
