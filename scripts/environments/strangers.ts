// What somebody tries first who has the tarball and nothing else: its types, and its command.

import { join } from "node:path";
import type { Environment } from "./environment.ts";
import { makeProject, run, SAMPLE, versionOf } from "./project.ts";

/** The README's calls and one of each kind of type that they take, with what they return put to use. */
const TYPED_PROGRAM = `import {
  AudioFormatError, classifyRecording, type Classifier, decodeAudio, loadClassifier, loadStreamModel,
  type Transcript, transcribeRecording,
} from "spoken-digits";
import { createClient, type Client, type ClassifyAnswer } from "spoken-digits/client";

export async function main(file: string | Blob | Uint8Array): Promise<string> {
  const { digit, confidence, none } = await classifyRecording(file);
  const transcript: Transcript = await transcribeRecording(file, { expect: "digits", length: "3-3-4" });
  const classifier: Classifier = await loadClassifier("standard");
  const { samples, sampleRate } = await decodeAudio(new Uint8Array(44)).catch((error: unknown) => {
    if (error instanceof AudioFormatError) return { samples: new Float32Array(1), sampleRate: 8000 };
    throw error;
  });
  const { probs } = await classifier.classify(samples, { sampleRate });
  const stream = await loadStreamModel();
  await stream.release();
  const client: Client = createClient({ url: "http://localhost:7860" });
  const answer: ClassifyAnswer = await client.classify(new Uint8Array(44), { top: 3 });
  // @ts-expect-error There is no such way of listening.
  await transcribeRecording(file, { expect: "letters" });
  const found: number | null = digit;
  return [found, confidence, none, transcript.digits, probs.length, answer.digit].join(" ");
}
`;

const RESOLUTIONS = [
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["esnext", "bundler"],
] as const;

/** Each trial, by name. */
export const STRANGERS: Record<string, Environment> = {
  async typescript({ tarball, folder }) {
    makeProject(folder, [tarball, "typescript@5", "@types/node@20"], { "program.ts": TYPED_PROGRAM });
    const tsc = join(folder, "node_modules", ".bin", "tsc");
    for (const [module, moduleResolution] of RESOLUTIONS) {
      const args = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2023,dom"];
      run(tsc, [...args, "--module", module, "--moduleResolution", moduleResolution, "program.ts"], folder);
    }
    return {
      version: versionOf(folder, "typescript"),
      what: "`tsc --strict` of a program, its libraries checked as well",
      result: `ok: moduleResolution ${RESOLUTIONS.map(([, name]) => name).join(", ")}`,
    };
  },
  async command({ tarball, folder }) {
    makeProject(folder, [tarball]);
    const bin = join(folder, "node_modules", ".bin", "spoken-digits");
    const printed = run(bin, ["predict", "--json", SAMPLE.path], folder);
    const { digit } = JSON.parse(printed) as { digit: number | null };
    const { digits } = JSON.parse(run(bin, ["transcribe", "--json", SAMPLE.path], folder)) as {
      digits: string;
    };
    const isRight = digit === SAMPLE.digit && digits === String(SAMPLE.digit);
    return {
      version: run(bin, ["--version"], folder).trim(),
      what: "`spoken-digits predict` and `transcribe` as installed",
      result: isRight ? `ok: ${digit} ${digits}` : `failed: printed ${digit} ${digits}`,
    };
  },
};
