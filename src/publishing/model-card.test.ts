import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makeModelReport } from "../../test/support/made-up-report.ts";
import { LABELS, type ModelInfo } from "../model/model-metadata.ts";
import { attributionText, corporaOf, TRAINING_CORPORA, type TrainingCorpus } from "./attribution.ts";
import { cardResults } from "./card-header.ts";
import { markdownTable } from "./card-tables.ts";
import { modelCard } from "./model-card.ts";

const info: ModelInfo = {
  architecture: "compact",
  threshold: 0.62,
  trainingData: "FSDD and the training speakers of all other corpora",
  training: {
    corpora: ["speech-commands", "fsdd", "esc10"],
    command: "npx spoken-digits train --protocol all",
  },
  accuracy: { "fsdd-official test": 0.9967 },
  labels: LABELS,
  sampleRate: 8000,
  parameterCount: 687275,
};
const report = makeModelReport(Uint8Array.of(1), info);

const card = (change: Partial<ModelInfo> = {}, options: Partial<Parameters<typeof modelCard>[1]> = {}) =>
  modelCard({ ...info, ...change }, { name: "compact", bytes: 1_440_124, report, ...options });

function headOf(text: string): Record<string, unknown> {
  const [, head] = /^---\n([\s\S]*?)\n---\n/.exec(text)!;
  return parse(head!, { strict: true, uniqueKeys: true }) as Record<string, unknown>;
}

describe("the head of a card", () => {
  it("is YAML with what the hub reads", () => {
    expect(headOf(card())).toMatchObject({
      language: ["en"],
      license: "mit",
      library_name: "transformers.js",
      pipeline_tag: "audio-classification",
      datasets: ["google/speech_commands"],
      metrics: ["accuracy"],
      "model-index": [{ name: "spoken-digits-compact" }],
    });
  });

  it("has the figures of each test, as numbers", () => {
    const [index] = headOf(card())["model-index"] as [{ results: ReturnType<typeof cardResults> }];
    expect(index.results).toEqual(cardResults(report));
    expect(index.results.map(({ dataset }) => dataset)).toMatchObject([
      { type: "google/speech_commands", split: "validation" },
      { type: "free-spoken-digit-dataset", split: "test" },
    ]);
    expect(index.results[0]!.metrics.map(({ name, value }) => [name, value])).toEqual([
      ["Accuracy", 0.995],
      ["Accepted at the threshold of 0.62", 0.995],
      ["Accuracy in coloured noise, 10 dB", 0.965],
    ]);
  });

  it("leaves out what nobody knows", () => {
    const head = headOf(card({ training: { corpora: ["fsdd"] } }, { report: undefined }));
    expect(Object.keys(head)).not.toContain("datasets");
    expect(Object.keys(head)).not.toContain("model-index");
  });

  it("stays YAML whatever a model is called", () => {
    const head = headOf(card({}, { name: "mine: the 2nd # 'x'" }));
    expect(head["model-index"]).toMatchObject([{ name: "spoken-digits-mine: the 2nd # 'x'" }]);
  });
});

describe("a card", () => {
  it("names every corpus with its makers and its licence", () => {
    const text = card({ training: { corpora: Object.keys(TRAINING_CORPORA) } });
    for (const { title, url, creators, licence, licenceUrl } of Object.values(TRAINING_CORPORA)) {
      for (const part of [`[${title}](${url})`, creators, `[${licence}](${licenceUrl})`])
        expect(text).toContain(part);
    }
  });

  it("has the sections that a reader looks for, in their order", () => {
    const headings = card().match(/^## .+$/gm);
    expect(headings).toEqual([
      "## Use",
      "## Intended use",
      "## Training data",
      "## Results",
      "## Limits",
      "## How to reproduce",
      "## Licence",
    ]);
  });

  it("has the figures of the report: by test, speaker, digit, list and condition", () => {
    const text = card();
    expect(text).toContain("| 40 | 200 | 99.5 % | 99.5 % | 99.0 % |");
    expect(text).toContain("| theo | 25 | 96.0 % |");
    expect(text).toContain("| **worst** | **95.0 %** |");
    expect(text).toContain("words that training never hears, by any speaker | 400 | 30 (7.50 %) |");
    expect(text).toContain("one each 250 ms | 1000 | 4 (0.40 %) |");
    expect(text).toContain("| coloured noise, 10 dB | 96.5 % | 90.0 % | 94.0 % | 88.0 % |");
    expect(text).toMatch(/The worst of the conditions tried leaves 96\.5 % right: coloured noise 10 dB/);
    expect(text).toContain("7.5 % are false accepts");
  });

  it("takes model, repository and command from where they are known", () => {
    const text = card({}, { repo: "ann/digits" });
    expect(text).toContain("687,275 parameters");
    expect(text).toContain("1.44 MB");
    expect(text).toContain('pipeline("audio-classification", "ann/digits"');
    expect(text).toContain("its probability is at least 0.62");
    expect(text).toContain("\nnpx spoken-digits train --protocol all --out models/compact.onnx\n");
    expect(card()).toContain('"OWNER/NAME"');
    const training = { corpora: ["fsdd"], protocol: "all" };
    expect(card({ training })).toContain(
      "\nnpx spoken-digits train --architecture compact --protocol all --out models/compact.onnx\n",
    );
  });

  it("says what brings its voices and its left-out speakers, where it has any", () => {
    expect(card()).toContain(
      " --left-out runs/compact-all-loso/report.json --report models/compact.report.json",
    );
    expect(card({}, { report: undefined })).not.toContain("--left-out");
    const command = "npx spoken-digits train --protocol all --voices voices";
    expect(card({ training: { corpora: ["fsdd", "voices"], command } })).toMatch(
      /\nnpx spoken-digits voices gather voices .*\nnpx spoken-digits train --protocol all --voices voices --out/,
    );
    expect(card()).not.toContain("voices gather");
    const spoken = `${command} --synthesized synthesized`;
    expect(card({ training: { corpora: ["fsdd", "synthesized"], command: spoken } })).toMatch(
      /\nnpx spoken-digits voices gather .*\nnpx spoken-digits voices speak synthesized .*\nnpx spoken-digits train/,
    );
  });

  it("without a report has the figures of the file, or says that there are none", () => {
    expect(card({}, { report: undefined })).toContain("| fsdd-official test | 99.7 % |");
    expect(card({ accuracy: {} }, { report: undefined })).toContain("None were measured.");
  });

  it("holds nothing undefined", () => {
    const noise = { n: 0, answered: 0, hopMs: 250, byKind: {} };
    const sparse = {
      ...report,
      leftOutSpeakers: undefined,
      robustness: {},
      rejection: { ...report.rejection, words: {}, noise },
    };
    for (const text of [card(), card({}, { report: sparse }), card({}, { report: undefined })]) {
      expect(text).not.toMatch(/undefined|NaN|null|\[object/);
      expect(text.endsWith("\n")).toBe(true);
    }
  });
});

describe("corporaOf", () => {
  it("is what the file lists, in one order", () => {
    expect(corporaOf(info)).toEqual(["fsdd", "speech-commands", "esc10"]);
  });

  it.each([[undefined], [[]], [["fsdd", "nobodys"]], ["fsdd"]])("does not guess from %j", (corpora) => {
    const of = { training: { corpora } };
    expect(() => corporaOf(of)).toThrow(expect.objectContaining({ code: "model-format" }));
  });
});

describe("attributionText", () => {
  it("names makers, licence, use and paper of each corpus", () => {
    const text = attributionText(Object.keys(TRAINING_CORPORA) as TrainingCorpus[]);
    expect(text.match(/^- \*\*/gm)).toHaveLength(Object.keys(TRAINING_CORPORA).length);
    expect(text).toContain("Allison Smith");
    expect(text).toContain("arXiv:1804.03209");
    expect(text).toContain("CC BY-SA 3.0");
  });
});

describe("markdownTable", () => {
  it("sets text left and numbers right, and escapes bars", () => {
    expect(markdownTable(["a", "b"], [["x|y", "1"]])).toBe("| a | b |\n| --- | --: |\n| x\\|y | 1 |");
    expect(markdownTable(["a", "b"], [], { nLeft: 2 })).toBe("| a | b |\n| --- | --- |");
  });
});
