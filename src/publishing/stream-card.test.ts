import { expect, it } from "vitest";
import { parse } from "yaml";
import { madeUpStreamModel } from "../../test/support/made-up-stream-model.ts";
import { measureListening } from "../evaluation/listening-report.ts";
import { buildStreamReport, fileDigest } from "../evaluation/model-report.ts";
import { readStreamModelInfo } from "../live/stream-metadata.ts";
import { hubFiles } from "./hub-files.ts";
import { modelCard } from "./model-card.ts";

const bytes = madeUpStreamModel({ training: { corpora: ["fsdd", "librispeech"] } });
const said = { speaker: "ann", durationMs: 60_000 };
const listening = await measureListening(
  {
    numbers: { "digits alone": [{ ...said, path: "a", digits: "1234", corpus: "phone-numbers" }] },
    negatives: { sentences: [{ ...said, path: "b", digits: "", corpus: "librispeech" }] },
  },
  () => "123",
);
const report = buildStreamReport(bytes, { digits: listening, numbers: listening, any: listening });
const card = modelCard(readStreamModelInfo(bytes), { name: "stream", bytes: bytes.length, report });

it("has the digit errors of each way of listening, in its tables and for the hub", () => {
  expect(card.match(/^### `(digits|numbers|any)`/gm)).toHaveLength(3);
  expect(card).toContain("| digits alone | phone-numbers | 4 | 25.0 % | 0.0 % |");
  expect(card).toContain("| sentences | 1.0 | 3 | 180 |");
  const head = parse(/^---\n([\s\S]*?)\n---\n/.exec(card)![1]!, { strict: true });
  expect(head).toMatchObject({ pipeline_tag: "automatic-speech-recognition", metrics: ["wer"] });
  const metrics = [{ type: "wer", value: 0.25 }];
  expect(head["model-index"]).toMatchObject([{ results: [{ metrics }, { metrics }, { metrics }] }]);
});

it("names whose recordings the model was trained on", () => {
  expect(card).toContain("LibriSpeech");
  expect(card).not.toContain("ESC-10");
});

it("lists no speaker in the report, and names the file that was measured", () => {
  expect(JSON.stringify(report)).not.toContain("ann");
  expect(report.model).toEqual({ architecture: "stream", sha256: fileDigest(bytes), bytes: bytes.length });
});

it("does without figures where there is no report", () => {
  const bare = modelCard(readStreamModelInfo(bytes), { name: "stream", bytes: 1 });
  expect(bare).not.toContain("model-index");
});

it("is published with the model, without the files of a classifier", () => {
  const files = hubFiles(bytes, { name: "stream", licence: "MIT", report });
  expect(files.map(({ path }) => path)).toEqual([
    "onnx/model.onnx",
    "README.md",
    "LICENSE",
    "ATTRIBUTION.md",
  ]);
});

it("takes no report of a classifier", () => {
  const { people: _, ...rest } = report;
  const other = { ...rest, digits: {} } as never;
  const options = { name: "stream", bytes: 1, report: other };
  expect(() => modelCard(readStreamModelInfo(bytes), options)).toThrow(
    expect.objectContaining({ code: "invalid-argument" }),
  );
});
