import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { classifyRecording, loadClassifier, transcribeRecording } from "../index.ts";

const SAMPLES = fileURLToPath(new URL("../../fixtures/samples/", import.meta.url));
const SEVEN = `${SAMPLES}7.wav`;

describe("classifyRecording", () => {
  it("gives the same for a path, bytes and a Blob", async () => {
    const bytes = readFileSync(SEVEN);
    const expected = { ...(await classifyRecording(SEVEN)), ms: expect.any(Number) };
    expect(expected).toMatchObject({ digit: 7, none: null, string: null });
    for (const file of [bytes, new Uint8Array(bytes).buffer, new Blob([bytes])]) {
      expect(await classifyRecording(file)).toEqual(expected);
    }
    expect(expected).not.toHaveProperty("logMel");
    expect((await classifyRecording(SEVEN, { logMel: true })).logMel!.nMels).toBeGreaterThan(0);
  });

  it("says what the command line says of every sample", async () => {
    const { createFileClassifier } = await import("../cli/file-models.ts");
    const classifier = await createFileClassifier({ model: "compact", trim: true });
    for (const name of readdirSync(SAMPLES).filter((file) => file.endsWith(".wav"))) {
      const [here, there] = [
        await classifyRecording(SAMPLES + name),
        await classifier.hear(readFileSync(SAMPLES + name)),
      ];
      expect({ ...here, ms: 0 }, name).toEqual({ ...there, ms: 0 });
    }
    await classifier.release();
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ["a number", () => classifyRecording(7 as never), /must be a Blob/],
    [
      "options that are none",
      () => classifyRecording(SEVEN, "standard" as never),
      /options must be an object/,
    ],
    ["an unknown option", () => classifyRecording(SEVEN, { trimm: true } as never), /no option trimm/],
    ["an option of another kind", () => classifyRecording(SEVEN, { trim: "no" } as never), /type boolean/],
    ["a file that is not there", () => classifyRecording("nowhere.wav"), /there is no such file/],
    ["a model that is not there", () => loadClassifier("largest"), /there is none/],
    ["a model of another kind", () => loadClassifier(7 as never), /options must be an object/],
    ["a model within options", () => loadClassifier({ model: 7 } as never), /"compact", "standard"/],
    ["an expectation that is none", () => transcribeRecording(SEVEN, { expect: "x" as never }), /expect/],
  ])("refuses %s with an error that has a code", async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({
      code: expect.any(String),
      message: expect.stringMatching(message),
    });
  });
});

describe("loadClassifier", () => {
  it("takes a name alone", async () => {
    const classifier = await loadClassifier("standard");
    expect(classifier.info.architecture).toBe("standard");
    await classifier.release();
  });
});

it("decodeAudio alone loads no native library", () => {
  const program = `import { decodeAudio } from "./src/index.ts";
import { readFileSync } from "node:fs";
await decodeAudio(readFileSync("fixtures/samples/7.wav"));
console.log(process.report.getReport().sharedObjects.filter((path) => /onnxruntime/.test(path)).length);`;
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const args = ["--import", "tsx", "--input-type=module", "--eval", program];
  expect(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }).trim()).toBe("0");
});
