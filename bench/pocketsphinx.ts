// PocketSphinx with a grammar of digits, for comparison: Debian's packages pocketsphinx and pocketsphinx-en-us.

import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeWav } from "../src/audio/encode-wav.ts";
import { resample } from "../src/audio/resample.ts";
import { SAMPLE_RATE } from "../src/model/log-mel.ts";
import type { Result } from "./result.ts";

const PROGRAM = "pocketsphinx_continuous";
const RATE = 16_000;
const SECONDS = [20, 60] as const;
const GRAMMAR = `#JSGF V1.0;
grammar digits;
public <digits> = ( zero | oh | one | two | three | four | five | six | seven | eight | nine )+;
`;

/**
 * Processor time of PocketSphinx for a second of audio; its start is not counted.
 *
 * @param samples Mono, at the model's rate; repeated as often as needed.
 * @returns No line where it is not installed.
 */
export async function benchPocketSphinx(samples: Float32Array): Promise<Result[]> {
  if (spawnSync(PROGRAM, []).error) return [];
  const folder = await mkdtemp(join(tmpdir(), "pocketsphinx-"));
  try {
    const [short, long] = [
      await processorMs(folder, samples, SECONDS[0]),
      await processorMs(folder, samples, SECONDS[1]),
    ];
    const value = (long - short) / (SECONDS[1] - SECONDS[0]);
    return [
      { name: "a second of a recording by PocketSphinx, digits only, processor time", value, unit: "ms" },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function processorMs(folder: string, samples: Float32Array, seconds: number): Promise<number> {
  const repeated = Float32Array.from(
    { length: seconds * SAMPLE_RATE },
    (_, n) => samples[n % samples.length]!,
  );
  const audio = join(folder, `${seconds}.wav`);
  const grammar = join(folder, "digits.gram");
  const atRate = resample(repeated, { sourceRate: SAMPLE_RATE, targetRate: RATE });
  await writeFile(audio, encodeWav(atRate, { sampleRate: RATE }));
  await writeFile(grammar, GRAMMAR);
  const command = `${PROGRAM} -infile "$0" -jsgf "$1" -logfn /dev/null > /dev/null; times`;
  const { stdout } = spawnSync("bash", ["-c", command, audio, grammar], { encoding: "utf8" });
  // The second line is the time of child processes: user, then system, as 0m1.234s.
  const times = stdout.trim().split("\n").at(-1)!.split(" ");
  return times.reduce((sum, time) => {
    const [minutes, rest] = time.split("m") as [string, string];
    return sum + 60_000 * Number(minutes) + 1000 * Number.parseFloat(rest);
  }, 0);
}
