import { AudioFormatError, InvalidArgumentError, type SpokenDigitsError } from "../errors.ts";
import type { LiveDigitEvent } from "../live/digit-event.ts";
import type { TranscribeOptions as ListenOptions } from "../live/transcribe.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import { type ErrorAnswer, errorOfAnswer } from "./answer-errors.ts";
import type { ClassifyAnswer, ClassifyEntry, TranscribeAnswer, TranscribeEntry } from "./answers.ts";
import type { AudioSource } from "./audio-source.ts";
import { type LiveOptions, runLive } from "./live-connection.ts";
import { requestJson, type ServiceAccess } from "./service-request.ts";

/** An audio file: WAV, AIFF, FLAC, MP3, M4A, Ogg, Opus or WebM. */
export type AudioFile = Blob | ArrayBuffer | Uint8Array;

/** How a client reaches its service. */
export type ClientOptions = {
  /** Address of the service, http or https; a path is kept. */
  url: string | URL;
  /** The token that the service was started with. Default: none. */
  token?: string;
  /** How often a request is sent again while the service is busy, >= 0. Default: 4. */
  retries?: number;
  /** Wait before the first further attempt in ms, >= 0; it doubles each time. Default: 250. */
  retryDelayMs?: number;
  /**
   * Longest wait between two attempts in ms, >= 0; a service that asks for a longer one is not asked again.
   * Default: 30000.
   */
  maxRetryDelayMs?: number;
  /** Sends requests. Default: the surroundings' own. */
  fetch?: typeof fetch;
};

/** Settings of one classification. */
export type ClassifyOptions = {
  /** Cut silence off both ends first. Default: true. */
  trim?: boolean;
  /** Reduce steady noise first. Default: false. */
  denoise?: boolean;
  /** List this many of the likeliest digits, 1..10. Default: no list. */
  top?: number;
  /** The speaker's own, taught to the model that the service runs. Default: nobody's. */
  voice?: VoiceProfile;
  /** Ends the request; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** Settings of one transcription: as of `transcribeRecording`. */
export type TranscribeOptions = Pick<ListenOptions, "expect" | "length" | "threshold" | "alternatives"> & {
  /** The speaker's own, taught to the models that the service runs. Default: nobody's. */
  voice?: VoiceProfile;
  /** Ends the request; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** A service, seen from a program. */
export type Client = {
  /**
   * Says which digit is spoken in a recording.
   *
   * @param file A whole audio file.
   * @param options See {@link ClassifyOptions}.
   * @throws {AudioFormatError} The recording cannot be used; its code says why.
   * @throws {RequestError} The service does not take the request; its code says why.
   * @throws {ServiceError} The service cannot answer (`service-busy` after all attempts), or none could be reached
   *   (`service-unreachable`).
   * @throws The signal's reason.
   */
  classify(file: AudioFile, options?: ClassifyOptions): Promise<ClassifyAnswer>;
  /**
   * The same for several recordings in one request.
   *
   * @param files Whole audio files, at least one.
   * @param options See {@link ClassifyOptions}.
   * @returns In the order of the files; a file that cannot be used has an `error` in place of an answer.
   * @throws As `classify`, for what concerns them all.
   * @throws {InvalidArgumentError} There is no file.
   */
  classifyAll(files: readonly AudioFile[], options?: ClassifyOptions): Promise<ClassifyEntry[]>;
  /**
   * Says which digits are spoken in a recording, one after another, and when.
   *
   * @param file A whole audio file.
   * @param options See {@link TranscribeOptions}.
   * @throws As `classify`.
   */
  transcribe(file: AudioFile, options?: TranscribeOptions): Promise<TranscribeAnswer>;
  /**
   * The same for several recordings in one request.
   *
   * @param files Whole audio files, at least one.
   * @param options See {@link TranscribeOptions}.
   * @returns In the order of the files; a file that cannot be used has an `error` in place of an answer.
   * @throws As `classifyAll`.
   */
  transcribeAll(files: readonly AudioFile[], options?: TranscribeOptions): Promise<TranscribeEntry[]>;
  /**
   * Hears digits in audio as it comes. The session begins with the first step of the iteration and ends with it.
   *
   * @param source The audio. It is read no faster than the service takes it in.
   * @param options See {@link LiveOptions}.
   * @returns Digits in the order they were spoken.
   * @throws As `classify`; and what the source throws.
   */
  live(source: AudioSource, options: LiveOptions): AsyncGenerator<LiveDigitEvent, void, undefined>;
};

/**
 * Makes a client; it connects when it is used.
 *
 * @param options See {@link ClientOptions}.
 * @throws {InvalidArgumentError} An option is out of range.
 */
export function createClient(options: ClientOptions): Client {
  const access = readOptions(options);
  const classify = createCalls<ClassifyAnswer, ClassifyOptions>(access, "classify");
  const transcribe = createCalls<TranscribeAnswer, TranscribeOptions>(access, "transcribe");
  return {
    classify: classify.one,
    classifyAll: classify.all,
    transcribe: transcribe.one,
    transcribeAll: transcribe.all,
    live: (source, settings) => runLive(access, source, settings),
  };
}

function readOptions(options: ClientOptions): ServiceAccess {
  const { url, token, retries = 4, retryDelayMs = 250, maxRetryDelayMs = 30_000 } = options;
  const numbers = { retries, retryDelayMs, maxRetryDelayMs };
  for (const [name, value] of Object.entries(numbers)) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new InvalidArgumentError(`createClient: ${name} must be a whole number >= 0, got ${value}`);
  }
  return { baseUrl: baseUrlOf(String(url)), token, ...numbers, fetch: options.fetch ?? fetch };
}

function baseUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname.replace(/\/*$/, "/")}`;
  throw new InvalidArgumentError(`createClient: url must be an http or https address, got ${text}`);
}

type CallOptions = ClassifyOptions | TranscribeOptions;

/** A call for one recording, and the same for several in one request. */
function createCalls<Answer extends object, Options extends CallOptions>(
  access: ServiceAccess,
  name: "classify" | "transcribe",
) {
  const ask = (body: Blob | FormData, { signal, voice: _, ...settings }: CallOptions = {}) => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(settings)) if (value !== undefined) query.set(key, `${value}`);
    return requestJson(access, { path: `api/${name}${query.size > 0 ? `?${query}` : ""}`, body, signal });
  };
  const one = async (file: AudioFile, options?: Options) =>
    (await ask(options?.voice ? formOf([file], options.voice) : blobOf(file), options)) as Answer;
  const all = async (files: readonly AudioFile[], options?: Options) => {
    if (files.length === 0) throw new InvalidArgumentError(`client: ${name}All needs at least one file`);
    // A service answers a form with a single file as it answers that file alone.
    if (files.length === 1) return [await one(files[0]!, options).catch(entryOfError)];
    const entries = (await ask(formOf(files, options?.voice), options)) as (
      | Answer
      | { error: ErrorAnswer }
    )[];
    return entries.map((entry) => ("error" in entry ? { error: errorOfAnswer(entry.error) } : entry));
  };
  return { one, all };
}

/** What a recording is, a service sees from its bytes; a type or a name that is wrong can do no harm. */
function blobOf(file: AudioFile): Blob {
  const part = file instanceof Uint8Array ? new Uint8Array(file) : file;
  return new Blob([part], { type: "application/octet-stream" });
}

function formOf(files: readonly AudioFile[], voice?: VoiceProfile): FormData {
  const form = new FormData();
  if (voice) form.append("voice", JSON.stringify(voice));
  for (const file of files) form.append("file", blobOf(file), "recording");
  return form;
}

/** The entry of a file that cannot be used. @throws What concerns the request. */
function entryOfError(error: unknown): { error: SpokenDigitsError } {
  if (error instanceof AudioFormatError) return { error };
  throw error;
}
