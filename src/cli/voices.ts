import type { Command } from "commander";
import { endOnInterrupt } from "./interruption.ts";

const EXAMPLES = `
Examples:
  spoken-digits voices gather voices
  spoken-digits voices speak synthesized
  spoken-digits train --protocol all --voices voices --synthesized synthesized
  spoken-digits voices gather voices-held-out --held-out
  spoken-digits measure negatives voices-held-out   false accepts of the models in it`;

/** Adds `voices`: gathers speech of many voices without a digit, and has programs speak. @param program Is changed. */
export function addVoicesCommand(program: Command): void {
  const command = program
    .command("voices")
    .description("Speech of many voices to train with: gathered, without a digit, or synthetic.")
    .addHelpText("after", EXAMPLES);
  command
    .command("gather")
    .description("Make a folder of voices out of packages of Debian; takes apt-get and dpkg-deb.")
    .argument("<folder>", "is not there yet")
    .option("--held-out", "the voices that no training has")
    .action(gather);
  command
    .command("speak")
    .description(
      "Make a folder of digits, letters, words and numbers by synthetic voices; takes espeak-ng, flite and festival.",
    )
    .argument("<folder>", "is not there yet")
    .action(speak);
}

async function gather(folder: string, { heldOut }: { heldOut?: boolean }): Promise<void> {
  const { gatherVoices } = await import("../corpus/gather-voices.ts");
  await endOnInterrupt((signal) =>
    gatherVoices(folder, {
      heldOut,
      signal,
      onPackage: (credit) => void process.stdout.write(`${credit}\n`),
    }),
  );
}

async function speak(folder: string): Promise<void> {
  const { synthesizeVoices } = await import("../corpus/synthesize-voices.ts");
  await endOnInterrupt((signal) =>
    synthesizeVoices(folder, {
      signal,
      onVoice: (name, recordings) => void process.stdout.write(`${name}: ${recordings} recordings\n`),
    }),
  );
}
