import type { StreamReport } from "../evaluation/model-report.ts";
import type { Expectation } from "../live/decoding.ts";
import type { StreamModelInfo } from "../live/stream-metadata.ts";
import { type CardResult, metric } from "./card-header.ts";
import { markdownTable, percent } from "./card-tables.ts";
import type { CardParts, ModelCardOptions } from "./model-card.ts";

const WAYS: Record<Expectation, string> = {
  digits: "a string of digits alone",
  numbers: "numbers among other speech",
  any: "every digit counts",
};

/**
 * The sections of the card.
 *
 * @param info What the model file says of itself.
 * @param options See {@link ModelCardOptions}.
 * @param report What was measured of it. Default: the card has no figures.
 */
export function streamCardParts(
  info: StreamModelInfo,
  options: ModelCardOptions,
  report?: StreamReport,
): CardParts {
  return {
    summary: summary(info, options),
    usage: USAGE,
    intendedUse: INTENDED_USE,
    results: report ? measured(report.people) : "None were measured.",
    limits: LIMITS,
    reproduction: reproduction(options.name),
  };
}

/**
 * The figures of a report as the hub takes them: digit errors of all numbers, for each way of listening.
 *
 * @param report.people What was measured.
 */
export function streamResults({ people }: StreamReport): CardResult[] {
  return entriesOf(people).map(([way, { numbers }]) => {
    const [set, figures] = Object.entries(numbers)[0]!;
    return {
      task: { type: "automatic-speech-recognition", name: "Spoken digit strings" },
      dataset: { name: `${set}, ${WAYS[way]}`, type: "spoken-digits-people", split: "test" },
      metrics: [metric("wer", "Digit errors", figures.digitErrorRate ?? 0)],
    };
  });
}

function summary({ parameterCount, sampleRate }: StreamModelInfo, { name, bytes }: ModelCardOptions): string {
  return `# spoken-digits-${name}

Finds English digits, zero to nine, said one after another in a stream or a recording, and says when each was said. A small CNN on a log-mel
spectrogram (${parameterCount.toLocaleString("en")} parameters) with HMM states for each digit, in one ONNX file of ${(bytes / 1e6).toFixed(2)} MB; a Viterbi decoder, which the
package \`spoken-digits\` has, finds the digits in its output. It hears mono at ${sampleRate} Hz. Made in TypeScript.`;
}

const USAGE = `## Use

\`\`\`js
import { loadStreamModel, transcribeRecording } from "spoken-digits";

const streamModel = await loadStreamModel({ model: "onnx/model.onnx" });
const { digits, events } = await transcribeRecording("pin.wav", { streamModel, expect: "digits" });
\`\`\`

There are three ways of listening. \`digits\`: nothing but digits is said. \`numbers\`: numbers among other speech. \`any\`: every digit counts.
From a terminal: \`npx spoken-digits transcribe --model onnx/model.onnx FILE...\`, or \`listen\` for a microphone.`;

const INTENDED_USE = `## Intended use

Numbers said digit by digit in English: PINs, telephone numbers, order numbers, live or from recordings. It runs on a processor alone, in a
browser too, and sends nothing anywhere. It is not made for other languages or words, for telling who speaks, or for anything where a
wrong digit does harm without anybody noticing.`;

function measured(people: StreamReport["people"]): string {
  return `Of speakers that neither trained the model nor chose its settings. Digit errors are deletions, insertions and substitutions, over those said.

${entriesOf(people)
  .map(([way, { numbers, negatives }]) => {
    const sets = Object.entries(numbers).flatMap(([set, { byCorpus, ...all }]) =>
      Object.entries({ all, ...byCorpus }).map(([corpus, figures]) => [
        set,
        corpus,
        String(figures.nDigits),
        shareOrDash(figures.digitErrorRate),
        shareOrDash(figures.stringAccuracy),
      ]),
    );
    const quiet = Object.entries(negatives).map(([set, { falseDigits, hours, perHour }]) => [
      set,
      (60 * hours).toFixed(1),
      String(falseDigits),
      perHour.toFixed(0),
    ]);
    return `### \`${way}\`: ${WAYS[way]}

${markdownTable(["recordings", "corpus", "digits", "digit errors", "strings right"], sets, { nLeft: 2 })}

${markdownTable(["without a digit", "minutes", "false digits", "an hour"], quiet)}`;
  })
  .join("\n\n")}`;
}

const LIMITS = `## Limits

- English digits only, "zero" or "oh" for 0.
- A way of listening has to be chosen; \`any\` hears digits in speech that has none.
- Children, learners and accents that the corpora have few of are recognised worse.`;

function reproduction(name: string): string {
  return `## How to reproduce

\`\`\`sh
npx spoken-digits train --architecture stream --from models/${name}.onnx --folder runs/next
npx spoken-digits tune runs/next/model.onnx --out models/${name}.onnx
npx spoken-digits measure people --model models/${name}.onnx --report models/${name}.report.json
npx spoken-digits card --model models/${name}.onnx --out models/${name}.md
\`\`\`

Every setting of the training is in the file's metadata: \`npx spoken-digits info --model models/${name}.onnx --json\`.`;
}

function shareOrDash(share: number | null): string {
  return share === null ? "-" : percent(share);
}

function entriesOf<Key extends string, Value>(record: Record<Key, Value>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}
