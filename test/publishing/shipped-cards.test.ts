import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readModelReport } from "../../src/evaluation/model-report.ts";
import { modelPath } from "../../src/load-models.ts";
import { checkReport, readAnyInfo } from "../../src/publishing/hub-files.ts";
import { modelCard } from "../../src/publishing/model-card.ts";

const PIPELINES: Record<string, string> = {
  compact: "audio-classification",
  standard: "audio-classification",
  stream: "automatic-speech-recognition",
};

describe.each(["compact", "standard", "stream"])("the card of %s", (name) => {
  const stem = modelPath(name).replace(/\.onnx$/, "");
  const bytes = new Uint8Array(readFileSync(`${stem}.onnx`));
  const readCard = () => readFileSync(`${stem}.md`, "utf8");

  it("has the figures that were measured of the model as it ships: `spoken-digits card` writes the same", async () => {
    const report = await readModelReport(`${stem}.report.json`);
    checkReport(report, bytes);
    expect(readCard()).toBe(modelCard(readAnyInfo(bytes), { name, bytes: bytes.length, report }));
  });

  it("begins with a head that the hub can read", () => {
    const [, head] = /^---\n([\s\S]*?)\n---\n/.exec(readCard())!;
    const fields = parse(head!, { strict: true });
    expect(fields).toMatchObject({ license: "mit", pipeline_tag: PIPELINES[name], language: ["en"] });
    const metrics = fields["model-index"].flatMap(
      ({ results }: { results: { metrics: { value: number }[] }[] }) =>
        results.flatMap((result) => result.metrics),
    );
    expect(metrics.length).toBeGreaterThan(0);
    for (const { value } of metrics) expect(value >= 0 && value <= 1).toBe(true);
  });
});
