import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { madeUpModel } from "../../test/support/made-up-model.ts";
import { makeModelReport } from "../../test/support/made-up-report.ts";
import { readModelInfo } from "../model/model-metadata.ts";
import { type HubFile, hubFiles, packageLicence, writeHubFiles } from "./hub-files.ts";

const model = madeUpModel({ training: { corpora: ["fsdd"] }, threshold: 0.4 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hub-files-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

const textOf = (files: readonly HubFile[], path: string) =>
  new TextDecoder().decode(files.find((file) => file.path === path)!.content);

describe("hubFiles", () => {
  const files = hubFiles(model, { name: "compact", repo: "ann/digits", licence: "as you like" });

  it("holds the model as it is, its configuration, card, licence and attribution", () => {
    expect(files.map(({ path }) => path)).toEqual([
      "onnx/model.onnx",
      "config.json",
      "preprocessor_config.json",
      "README.md",
      "LICENSE",
      "ATTRIBUTION.md",
    ]);
    expect(Buffer.compare(files[0]!.content, model)).toBe(0);
    expect(textOf(files, "LICENSE")).toBe("as you like");
    expect(textOf(files, "README.md")).toContain("ann/digits");
    expect(textOf(files, "ATTRIBUTION.md")).toContain("CC BY-SA 4.0");
  });

  it("tells programs of the transformers family classes, rate and that samples stay as they are", () => {
    const config = JSON.parse(textOf(files, "config.json"));
    expect(config).toMatchObject({
      model_type: "wav2vec2",
      architectures: ["Wav2Vec2ForSequenceClassification"],
      spoken_digits: { threshold: 0.4, sampling_rate: 8000 },
    });
    expect(Object.values(config.id2label)).toEqual([..."0123456789", "none"]);
    expect(config.label2id).toMatchObject({ 0: 0, 9: 9, none: 10 });
    expect(JSON.parse(textOf(files, "preprocessor_config.json"))).toMatchObject({
      feature_extractor_type: "Wav2Vec2FeatureExtractor",
      sampling_rate: 8000,
      do_normalize: false,
    });
  });

  it("puts the figures of the model's report into its card, and takes no other model's", () => {
    const report = makeModelReport(model, readModelInfo(model));
    const options = { name: "compact", licence: "", report };
    expect(textOf(hubFiles(model, options), "README.md")).toContain("model-index");
    const other = madeUpModel({ training: { corpora: ["fsdd"] }, threshold: 0.5 });
    expect(() => hubFiles(other, options)).toThrow(
      expect.objectContaining({
        code: "invalid-argument",
        message: expect.stringContaining("spoken-digits robustness --report"),
      }),
    );
  });

  it("publishes no damaged model", () => {
    const damaged = model.slice();
    damaged[1000]! ^= 1;
    expect(() => hubFiles(damaged, { name: "x", licence: "" })).toThrow(
      expect.objectContaining({ code: "model-format" }),
    );
  });
});

describe("writeHubFiles", () => {
  it("writes them into a folder, over those of before", async () => {
    const target = join(folder, "deeper", "here");
    for (const text of ["old", "new"]) {
      await writeHubFiles([{ path: "onnx/a.txt", content: new TextEncoder().encode(text) }], target);
    }
    expect(await readdir(target)).toEqual(["onnx"]);
    expect(await readFile(join(target, "onnx", "a.txt"), "utf8")).toBe("new");
  });

  it("says which folder it cannot write into", async () => {
    await writeFile(join(folder, "file"), "");
    const writing = writeHubFiles([{ path: "a", content: new Uint8Array(1) }], join(folder, "file"));
    await expect(writing).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

it("packageLicence is the text of the package's licence", async () => {
  expect(await packageLicence()).toMatch(/^MIT License/);
});
