// For tests: a model report with a little of everything.

import { buildModelReport, digitTestFigures, type ModelReport } from "../../src/evaluation/model-report.ts";
import type { EvaluationRow } from "../../src/evaluation/report.ts";
import type { ModelInfo } from "../../src/model/model-metadata.ts";

const figures = (accuracy: number, accepted: number) => ({ accuracy, accepted });

function rows(n: number, speakers: readonly string[]): EvaluationRow[] {
  return Array.from({ length: n }, (_, i) => {
    const label = (i % 10) as EvaluationRow["label"];
    const topDigit = i === 0 ? 1 : (label as number);
    const digit = i === 1 ? null : topDigit;
    return { label, topDigit, digit, confidence: 0.96, speaker: speakers[i % speakers.length] };
  });
}

/**
 * Makes a report: of 200 clips of 40 speakers and of 50 clips of 2 each, the first is taken for another digit and the second
 * is not answered.
 *
 * @param bytes Of the model file.
 * @param info What it says of itself.
 */
export function makeModelReport(bytes: Uint8Array, info: ModelInfo): ModelReport {
  const crowd = Array.from({ length: 40 }, (_, i) => `speaker${i}`);
  return buildModelReport(bytes, {
    info,
    threshold: info.threshold,
    trim: true,
    figures: {
      digits: {
        "speech-commands-validation": digitTestFigures(rows(200, crowd)),
        "fsdd-official": digitTestFigures(rows(50, ["theo", "lucas"])),
      },
      leftOutSpeakers: { mean: 0.975, worst: 0.95, bySpeaker: { theo: 1, lucas: 0.95 } },
      rejection: {
        words: { "unheard-words": { n: 400, answered: 30, byKind: { cat: { n: 400, answered: 30 } } } },
        noise: { n: 1000, answered: 4, hopMs: 250, byKind: { rain: { n: 1000, answered: 4 } } },
        silence: { n: 320, answered: 0, byKind: { "digital silence": { n: 320, answered: 0 } } },
      },
      robustness: {
        "speech-commands-validation": {
          n: 100,
          seed: 1,
          rows: [
            {
              group: "clean",
              setting: null,
              unit: "",
              plain: figures(0.98, 0.96),
              denoised: figures(0.97, 0.95),
            },
            {
              group: "coloured noise",
              setting: 10,
              unit: "dB",
              plain: figures(0.965, 0.9),
              denoised: figures(0.94, 0.88),
            },
          ],
        },
      },
    },
  });
}
