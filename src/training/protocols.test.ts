import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpClips } from "../../test/support/made-up-clips.ts";
import { makeSmallCorpora } from "../../test/support/made-up-corpora.ts";
import { encodeWav } from "../audio/encode-wav.ts";
import { locateCorpora } from "../corpus/find-corpus.ts";
import { readFsdd } from "../corpus/fsdd.ts";
import { readCorpora } from "../corpus/read-corpora.ts";
import type { Recording } from "../corpus/recording.ts";
import { InvalidArgumentError } from "../errors.ts";
import { modelPath } from "../load-models.ts";
import { readModelInfo } from "../model/model-metadata.ts";
import type { ProtocolCorpora, ProtocolName } from "./protocol-folds.ts";
import { runProtocol } from "./protocols.ts";
import { createRecipe } from "./recipe.ts";
import type { TrainingRecord } from "./trainer.ts";

const RECIPE = createRecipe("compact", { steps: 4, batchSize: 8, groupSize: 4 });
const SPEAKERS = ["ada", "bo"];

let folder: string;
let corporaFolder: string;
let recordings: Recording[];

beforeAll(async () => {
  corporaFolder = await makeSmallCorpora();
  folder = await mkdtemp(join(tmpdir(), "protocols-"));
  const data = join(folder, "recordings");
  await mkdir(data);
  const { samples, labels } = madeUpClips(SPEAKERS.length * 10).digits;
  await Promise.all(
    samples.map((clip, i) => {
      const take = Math.floor(i / 10);
      const name = `${labels[i]}_${SPEAKERS[take % 2]}_${Math.floor(take / 2)}.wav`;
      return writeFile(join(data, name), encodeWav(clip, { sampleRate: 8000 }));
    }),
  );
  recordings = await readFsdd(data);
});
afterAll(() => Promise.all([folder, corporaFolder].map((path) => rm(path, { recursive: true }))));

/** Two speakers of FSDD, a few of other corpora. */
async function smallCorpora(): Promise<ProtocolCorpora> {
  const { fsdd, ...folders } = await locateCorpora({ data: corporaFolder });
  return { fsdd: await readFsdd(fsdd!), others: await readCorpora(folders) };
}

describe("runProtocol", () => {
  it("fsdd-official tests takes 0-4 and leaves model, log, curves and reports", async () => {
    const run = join(folder, "official");
    const { report, model } = await runProtocol(
      "fsdd-official",
      RECIPE,
      { fsdd: recordings },
      { folder: run },
    );
    expect(report.digits.n).toBe(100);
    expect((await readdir(run)).sort()).toEqual([
      "checkpoint.onnx",
      "confusion.svg",
      "curves.svg",
      "log.jsonl",
      "model.onnx",
      "report.json",
      "report.txt",
    ]);
    expect(JSON.parse(await readFile(join(run, "report.json"), "utf8"))).toEqual(report);
    const info = readModelInfo(model!);
    expect(info.accuracy).toEqual({ "fsdd-official test": report.digits.accuracy });
    expect(info.training).toMatchObject({
      steps: 4,
      seed: 1,
      protocol: "fsdd-official",
      corpora: [recordings[0]!.corpus],
    });
    expect(new Uint8Array(await readFile(join(run, "model.onnx")))).toEqual(model);
  });

  it("fsdd-loso trains once for each speaker and tests everyone unseen", async () => {
    const folds: string[] = [];
    const run = join(folder, "loso");
    const onFold = ({ name }: { name: string }) => void folds.push(name);
    const { report, model } = await runProtocol(
      "fsdd-loso",
      RECIPE,
      { fsdd: recordings },
      { folder: run, onFold },
    );
    expect(folds).toEqual(["without-ada", "without-bo"]);
    expect(report.digits.n).toBe(recordings.length);
    expect(Object.keys(report.digits.bySpeaker)).toEqual(SPEAKERS);
    expect(model).toBeUndefined();
  });

  it("fsdd-random tests a fifth of the recordings", async () => {
    const run = join(folder, "random");
    const { report } = await runProtocol("fsdd-random", RECIPE, { fsdd: recordings }, { folder: run });
    expect(report.digits.n).toBe(recordings.length / 5);
  });

  it("goes on where an ended run was, without training again what is done", async () => {
    const run = join(folder, "resumed");
    const first = await runProtocol("fsdd-official", RECIPE, { fsdd: recordings }, { folder: run });
    const records: TrainingRecord[] = [];
    const options = {
      folder: run,
      resume: true,
      onRecord: (record: TrainingRecord) => void records.push(record),
    };
    const again = await runProtocol("fsdd-official", RECIPE, { fsdd: recordings }, options);
    expect(records).toEqual([]);
    expect(again.model).toEqual(first.model);
  });

  it("all-loso goes on for each speaker from what a training without FSDD came to", async () => {
    const run = join(folder, "all-loso");
    const folds: object[] = [];
    const { report } = await runProtocol(
      "all-loso",
      { ...RECIPE, validationShare: 0 },
      await smallCorpora(),
      { folder: run, sharedSteps: 2, onFold: (fold) => void folds.push(fold) },
    );
    expect(folds).toEqual([
      { name: "without-fsdd", number: 1, count: 3, steps: 2 },
      { name: "without-lucas", number: 2, count: 3, steps: 4 },
      { name: "without-theo", number: 3, count: 3, steps: 4 },
    ]);
    expect(report.digits.n).toBe(3);
    const info = readModelInfo(await readFile(join(run, "without-theo", "model.onnx")));
    expect(info.training).toMatchObject({
      steps: 4,
      sharedSteps: 2,
      protocol: "all-loso",
    });
    await expect(
      runProtocol("fsdd-loso", RECIPE, { fsdd: recordings }, { folder: run, sharedSteps: 2 }),
    ).rejects.toThrow(/shared steps are for all-loso, not for fsdd-loso/);
  });

  it("all learns from a teacher, from the weights of another run, and says so in the model", async () => {
    const teacher = { name: "compact", model: await readFile(modelPath("compact")) };
    const recipe = { ...RECIPE, validationShare: 0 };
    const corpora = await smallCorpora();
    const from = join(folder, "untaught");
    const untaught = await runProtocol("all", recipe, corpora, { folder: from });
    const options = { teacher, startFrom: join(from, "checkpoint.onnx") };
    const taught = await runProtocol("all", recipe, corpora, { folder: join(folder, "taught"), ...options });
    expect(readModelInfo(taught.model!).training).toMatchObject({ teacher: "compact", protocol: "all" });
    expect(readModelInfo(untaught.model!).training).not.toHaveProperty("teacher");
    expect(taught.model).not.toEqual(untaught.model);
  });

  it("names in the model the run that it started from, whose corpora it is trained on too, and what repeats it", async () => {
    const earlier = join(folder, "earlier");
    const corpora = await smallCorpora();
    await runProtocol("all", { ...RECIPE, validationShare: 0 }, corpora, { folder: earlier });
    const startFrom = join(earlier, "checkpoint.onnx");
    const { fsdd } = corpora;
    const { model } = await runProtocol(
      "fsdd-official",
      { ...RECIPE, validationShare: 0 },
      { fsdd },
      { folder: join(folder, "later"), startFrom, command: "npx spoken-digits train --steps 4" },
    );
    const { training } = readModelInfo(model!);
    expect(training).toMatchObject({ startFrom, command: "npx spoken-digits train --steps 4" });
    expect(training.corpora).toEqual(expect.arrayContaining(["fsdd", "speech-commands"]));
  });

  it("refuses all corpora that the finished model could not be calibrated on, before it trains", async () => {
    const { fsdd, others } = await smallCorpora();
    const options = { folder: join(folder, "uncalibrated") };
    for (const missing of ["digits", "negatives"]) {
      const validation = others!.validation.filter(({ role }) => role !== missing);
      const corpora = { fsdd, others: { ...others!, validation } };
      await expect(runProtocol("all", RECIPE, corpora, options)).rejects.toThrow(/data --corpus all/);
    }
    await expect(readdir(options.folder)).rejects.toThrow(/ENOENT/);
  });

  it("says that training on all corpora needs the digits of Speech Commands", async () => {
    const { fsdd } = await smallCorpora();
    const corpora = { fsdd, others: await readCorpora({}) };
    const run = runProtocol("all", RECIPE, corpora, { folder: join(folder, "without") });
    await expect(run).rejects.toMatchObject({ code: "corpus-missing" });
    await expect(run).rejects.toThrow(/needs Speech Commands; fetch it with/);
  });

  it("leaves no voice out that a teacher or earlier training may have been trained on", async () => {
    const teacher = { name: "compact", model: await readFile(modelPath("compact")) };
    const leaveOut = (options: object) =>
      runProtocol("fsdd-loso", RECIPE, { fsdd: recordings }, { folder: join(folder, "heard"), ...options });
    await expect(leaveOut({ teacher })).rejects.toThrow(
      /fsdd-loso leaves out voices that a teacher may have been trained on/,
    );
    await expect(leaveOut({ startFrom: "checkpoint.onnx" })).rejects.toThrow(
      /fsdd-loso leaves out voices that the run to start from may have been trained on/,
    );
  });

  it("rejects a protocol that there is not", async () => {
    const run = runProtocol("fsdd-guess" as ProtocolName, RECIPE, { fsdd: recordings }, { folder });
    await expect(run).rejects.toThrow(InvalidArgumentError);
    await expect(run).rejects.toThrow(
      /one of fsdd-official, fsdd-random, fsdd-loso, all, all-loso, got "fsdd-guess"/,
    );
  });
});
