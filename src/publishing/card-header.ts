// The head of a model card, by the specification in huggingface/hub-docs, modelcard.md.

import { stringify } from "yaml";
import { DIGIT_TESTS, type DigitTestName } from "../evaluation/held-out-material.ts";
import type { ModelReport } from "../evaluation/model-report.ts";
import type { RobustnessReport } from "../evaluation/robustness.ts";
import type { StreamModelInfo } from "../live/stream-metadata.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import { corporaOf, TRAINING_CORPORA } from "./attribution.ts";

/** One figure of a card's head. */
type CardMetric = { type: string; name: string; value: number; verified: false };

/** The figures of one test in a card's head. */
export type CardResult = {
  task: { type: "audio-classification" | "automatic-speech-recognition"; name: string };
  dataset: { type: string; name: string; split: string };
  metrics: CardMetric[];
};

const DATASETS: Record<DigitTestName, { type: string; split: string }> = {
  "speech-commands-validation": { type: "google/speech_commands", split: "validation" },
  "speech-commands-testing": { type: "google/speech_commands", split: "test" },
  "fsdd-official": { type: "free-spoken-digit-dataset", split: "test" },
};

/**
 * The head of a model card: what the hub reads.
 *
 * @param info What the model file says of itself.
 * @param options.name Of the model, for example `spoken-digits-compact`.
 * @param options.results What was measured. Default: no figures.
 * @returns YAML between two lines of `---`, the last one ended by a line feed.
 */
export function cardHeader(
  info: ModelInfo | StreamModelInfo,
  options: { name: string; results?: CardResult[] },
): string {
  const { name, results } = options;
  const isClassifier = "labels" in info;
  const datasets = corporaOf(info).flatMap((corpus) => {
    const attribution = TRAINING_CORPORA[corpus];
    return "hubId" in attribution ? [attribution.hubId] : [];
  });
  const head = {
    language: ["en"],
    license: "mit",
    ...(isClassifier && { library_name: "transformers.js" }),
    pipeline_tag: isClassifier ? "audio-classification" : "automatic-speech-recognition",
    tags: [
      ...["audio", "speech", "keyword-spotting", "spoken-digits", "onnx"],
      ...(isClassifier ? ["transformers.js"] : []),
    ],
    ...(datasets.length > 0 && { datasets }),
    metrics: [isClassifier ? "accuracy" : "wer"],
    ...(results && { "model-index": [{ name, results }] }),
  };
  return `---\n${stringify(head, { lineWidth: 0 })}---\n`;
}

/**
 * The figures of a report as the hub takes them: accuracy of the best digit, as it is and in 10 and 0 dB of coloured noise,
 * and the share accepted at the threshold, for each test.
 *
 * @param report What was measured.
 */
export function cardResults(report: ModelReport): CardResult[] {
  return (Object.keys(report.digits) as DigitTestName[]).map((test) => {
    const figures = report.digits[test]!;
    return {
      task: { type: "audio-classification", name: "Spoken digit recognition" },
      dataset: { name: DIGIT_TESTS[test], ...DATASETS[test] },
      metrics: [
        metric("accuracy", "Accuracy", figures.accuracy),
        metric("accepted", `Accepted at the threshold of ${report.model.threshold}`, figures.accepted),
        ...noiseMetrics(report.robustness[test]),
      ],
    };
  });
}

function noiseMetrics(robustness: RobustnessReport | undefined): CardMetric[] {
  const rows = robustness?.rows.filter(({ group, setting }) => {
    return group === "coloured noise" && (setting === 10 || setting === 0);
  });
  return (rows ?? []).map(({ setting, plain }) =>
    metric("accuracy", `Accuracy in coloured noise, ${setting} dB`, plain.accuracy),
  );
}

/**
 * A figure.
 *
 * @param type As the hub calls it.
 * @param name For people.
 * @param value Is rounded to four places.
 */
export function metric(type: string, name: string, value: number): CardMetric {
  return { type, name, value: Number(value.toFixed(4)), verified: false };
}
