// The corpora there are. A new one is a reader that exports a `Corpus`, a line here, and weights in the recipe.

import type { DownloadProgress } from "./archive-request.ts";
import type { Dataset } from "./dataset.ts";
import type { Recording } from "./recording.ts";

/** The recordings of a corpus by what they are for. No speaker and no source of noise is in two lists. */
export type CorpusParts = {
  training: Dataset[];
  /** By held-out speakers; decisions are made by them. */
  validation: Dataset[];
  /** What no decision is made by. */
  test: Dataset[];
};

/** What is in a corpus, for `spoken-digits data`. */
export type CorpusSummary = {
  /** Name and value of each line. */
  rows: [name: string, value: string][];
  /** Recordings of speech, which can be looked through for broken ones. */
  recordings: Recording[];
};

/** Settings of a download; each corpus has further ones of its own. */
export type CorpusDownloadOptions = {
  /** Where downloads are kept. Default: `cacheFolder()`. */
  cacheDir?: string;
  /** Which version of Speech Commands. Default: `0.02`. */
  version?: "0.01" | "0.02";
  /** Called for each chunk that arrives. */
  onProgress?: (progress: DownloadProgress) => void;
  /** Ends the download; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** One corpus: where it is and what is in it. Errors are those of its functions. */
export type Corpus = {
  /** The folder that `read` takes, in a folder that the user named or the cache holds. Throws `corpus-missing`. */
  find(folder: string): Promise<string>;
  /** Folders of the cache in which a download of it may lie, the best first. Default: it cannot be downloaded. */
  cached?(cacheDir?: string): Promise<string[]>;
  /** Downloads it, unless the cache has it. Returns the folder for `find`. Default: it cannot be downloaded. */
  download?(options: CorpusDownloadOptions): Promise<string>;
  /** Lists its recordings. Nothing is decoded. */
  read(folder: string): Promise<CorpusParts>;
  /** Says what is in it. Nothing is decoded. */
  summarise(folder: string): Promise<CorpusSummary>;
  /** Known to hold no broken clips: they are not looked for. Default: false. */
  isClean?: boolean;
};

/** Loads the reader of each corpus. Its datasets come in the order of this list. */
export const CORPORA = {
  fsdd: async () => (await import("./fsdd.ts")).FSDD,
  esc10: async () => (await import("./noise.ts")).ESC10,
  "speech-commands": async () => (await import("./speech-commands-split.ts")).SPEECH_COMMANDS,
  "other-speech": async () => (await import("./other-speech.ts")).OTHER_SPEECH,
  voices: async () => (await import("./voices.ts")).VOICES,
  "speech-commands-more": async () => (await import("./speech-commands-split.ts")).SPEECH_COMMANDS_MORE,
  connected: async () => (await import("./fluent-speech.ts")).CONNECTED,
  speech: async () => (await import("./fluent-speech.ts")).SPEECH,
  synthesized: async () => (await import("./synthesized-speech.ts")).SYNTHESIZED,
} satisfies Record<string, () => Promise<Corpus>>;

/** Name of a corpus. */
export type CorpusName = keyof typeof CORPORA;

/** The names, in the order of {@link CORPORA}. */
export const CORPUS_NAMES = Object.keys(CORPORA) as readonly CorpusName[];

/** Where corpora lie, each as the folder that its reader takes; one that is nowhere is left out. */
export type CorpusFolders = Partial<Record<CorpusName, string>>;
