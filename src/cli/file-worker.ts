// A process that reads, decodes and hears one audio file after another: what is in a file can end the process, and costs one
// answer.

import { answerCalls } from "../workers/calls.ts";
import { processPort } from "../workers/worker-process.ts";
import { type FileInput, readAudioInput } from "./audio-inputs.ts";
import { createFileHearer, type FileHearer, type FileResult, type FileTask } from "./file-models.ts";

/** Its calls: `load` first, then `hear` for any number of files. */
export type FileCalls<Result extends FileResult = FileResult> = {
  load: { payload: FileTask; result: undefined };
  /** Of a number it tells after each second of audio how much is done and how much there is, in ms. */
  hear: { payload: FileInput; result: Result; event: [doneMs: number, totalMs: number] };
};

let hearer: FileHearer<FileResult>;

answerCalls<FileCalls>(
  processPort,
  {
    async load(settings) {
      hearer = await createFileHearer(settings);
      return undefined;
    },
    hear: async (input, { signal, tell }) =>
      hearer.hear(await readAudioInput(input), { signal, onProgress: (...progress) => tell(progress) }),
  },
  { oneByOne: true },
);
