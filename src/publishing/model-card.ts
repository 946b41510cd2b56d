// The card of a model: what it is, what it is for, what it was trained on, how good it is, where it fails. Every figure
// comes from the model file or from the report measured of it.

import { InvalidArgumentError } from "../errors.ts";
import type { ModelReport, StreamReport } from "../evaluation/model-report.ts";
import type { StreamModelInfo } from "../live/stream-metadata.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import { type CorpusAttribution, corporaOf, TRAINING_CORPORA } from "./attribution.ts";
import { cardHeader, cardResults } from "./card-header.ts";
import { measuredLimits, measuredResults, resultsInFile } from "./card-results.ts";
import { markdownTable } from "./card-tables.ts";
import { streamCardParts, streamResults } from "./stream-card.ts";

/** What a card is made from. */
export type ModelCardOptions = {
  /** Of the model, for example `compact`; the card calls it `spoken-digits-compact`. */
  name: string;
  /** Size of the file in bytes. */
  bytes: number;
  /** What was measured of the file. Default: the card has no figures but those in the file. */
  report?: ModelReport | StreamReport;
  /** Where it is published, for example `OWNER/NAME`. Default: `OWNER/NAME` itself, for the reader to fill in. */
  repo?: string;
};

/** The sections that differ between kinds of models. */
export type CardParts = Record<
  "summary" | "usage" | "intendedUse" | "results" | "limits" | "reproduction",
  string
>;

/**
 * Writes a model's card in the format of the Hugging Face hub: a head in YAML, then Markdown.
 *
 * @param info What the model file says of itself.
 * @param options See {@link ModelCardOptions}.
 * @throws {ModelFormatError} The file does not say which corpora it was trained on.
 * @throws {InvalidArgumentError} The report is of another kind of model.
 */
export function modelCard(info: ModelInfo | StreamModelInfo, options: ModelCardOptions): string {
  const { report } = options;
  const ofStream = report && "people" in report ? report : undefined;
  const ofClassifier = report && "digits" in report ? report : undefined;
  if (report && ("labels" in info ? !ofClassifier : !ofStream)) {
    throw new InvalidArgumentError("modelCard: the report is of another kind of model");
  }
  const parts =
    "labels" in info
      ? classifierParts(info, options, ofClassifier)
      : streamCardParts(info, options, ofStream);
  const results = ofClassifier ? cardResults(ofClassifier) : ofStream && streamResults(ofStream);
  const sections = [
    parts.summary,
    parts.usage,
    parts.intendedUse,
    trainingData(info),
    `## Results\n\n${parts.results}`,
    parts.limits,
    parts.reproduction,
    LICENCE,
  ];
  return `${cardHeader(info, { name: `spoken-digits-${options.name}`, results })}\n${sections.join("\n\n")}\n`;
}

function classifierParts(info: ModelInfo, options: ModelCardOptions, report?: ModelReport): CardParts {
  const { name, bytes, repo = "OWNER/NAME" } = options;
  return {
    summary: summary(info, { name: `spoken-digits-${name}`, bytes }),
    usage: usage(info, repo),
    intendedUse: INTENDED_USE,
    results: report ? measuredResults(report) : resultsInFile(info),
    limits: [LIMITS, ...(report ? measuredLimits(report) : [])].join("\n"),
    reproduction: reproduction(info, { name, report }),
  };
}

function summary(info: ModelInfo, { name, bytes }: { name: string; bytes: number }): string {
  return `# ${name}

Says which English digit, zero to nine, is spoken in a short recording, or that none is. A small 2-D CNN on a log-mel
spectrogram (\`${info.architecture}\`, ${info.parameterCount.toLocaleString("en")} parameters), in one ONNX file of \
${(bytes / 1e6).toFixed(2)} MB that holds the whole pipeline: \`input_values\` [batch, samples], mono at ${info.sampleRate} Hz and of any length, in;
\`logits\` [batch, ${info.labels.length}] (${info.labels.join(", ")}) and the spectrogram \`log_mel\` out. Level, padding and the choice of the loudest second
happen inside. Made with the package \`spoken-digits\`, in TypeScript.`;
}

function usage({ sampleRate, threshold }: ModelInfo, repo: string): string {
  return `## Use

\`\`\`js
import { pipeline } from "@huggingface/transformers";

const classify = await pipeline("audio-classification", "${repo}", { dtype: "fp32" });
const predictions = await classify(samples, { top_k: 11 }); // a Float32Array, mono, ${sampleRate} Hz
\`\`\`

\`\`\`python
import numpy, onnxruntime

session = onnxruntime.InferenceSession("onnx/model.onnx")
logits, log_mel = session.run(None, {"input_values": samples[numpy.newaxis]})  # float32, mono, ${sampleRate} Hz
\`\`\`

Accept a digit where it is likelier than \`none\` and its probability is at least ${threshold}, and nothing otherwise. The package does so,
takes any audio file at any rate, and cuts silence off first: \`npx spoken-digits predict --model onnx/model.onnx FILE...\``;
}

const INTENDED_USE = `## Intended use

Single digits, said one at a time in English: entering numbers by voice, toys, teaching, a small example of speech recognition. It runs
on a processor alone, in a browser too, and sends nothing anywhere. It is not made for running speech, for other languages, for telling
who speaks, or for anything where a wrong digit does harm without anybody noticing.`;

function trainingData(info: ModelInfo | StreamModelInfo): string {
  const rows = corporaOf(info).map((corpus) => {
    const { title, url, creators, licence, licenceUrl, used } = TRAINING_CORPORA[corpus] as CorpusAttribution;
    return [`[${title}](${url})`, creators, `[${licence}](${licenceUrl})`, used];
  });
  const table = markdownTable(["corpus", "by", "licence", "used"], rows, { nLeft: 4 });
  return `## Training data

${info.trainingData}.

${table}

Recordings are changed at random in training: speed, place in time, equaliser, room, noise, level, clipping, telephone line. \`ATTRIBUTION.md\`
names everybody as their licences ask.`;
}

function reproduction(
  info: ModelInfo,
  { name, report }: { name: string; report: ModelReport | undefined },
): string {
  const { command, protocol, teacher } = info.training;
  const described =
    `npx spoken-digits train --architecture ${info.architecture}` +
    `${typeof protocol === "string" ? ` --protocol ${protocol}` : ""}` +
    `${typeof teacher === "string" ? ` --teacher ${teacher}` : ""}`;
  const train = `${typeof command === "string" ? command : described} --out models/${name}.onnx`;
  const gathered = train.includes(" --voices voices")
    ? "npx spoken-digits voices gather voices   # takes apt-get\n"
    : "";
  const spoken = train.includes(" --synthesized synthesized")
    ? "npx spoken-digits voices speak synthesized   # takes espeak-ng, flite, festival\n"
    : "";
  const leftOut = report?.leftOutSpeakers ? ` --left-out runs/${info.architecture}-all-loso/report.json` : "";
  return `## How to reproduce

\`\`\`sh
npx spoken-digits data --corpus all   # fetches what can be fetched
${gathered}${spoken}${train}
npx spoken-digits robustness --model models/${name}.onnx --codecs${leftOut} --report models/${name}.report.json
npx spoken-digits card --model models/${name}.onnx --out models/${name}.md
\`\`\`

Every setting of the training is in the file's metadata: \`npx spoken-digits info --model models/${name}.onnx --json\`.`;
}

const LIMITS = `## Limits

- English digits only, "zero" for 0; "oh" is none of them.
- One digit at a time: of a longer recording, the loudest second is used.
- Voices and accents that the corpora have few of are recognised worse; no figure here is for children, or by accent or gender.`;

const LICENCE = `## Licence

MIT. The corpora have licences of their own, named above; no recording is part of the model.`;
