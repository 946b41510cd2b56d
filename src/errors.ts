// Every error this package throws on purpose: its class, its stable code, and what a command line or an HTTP
// server answers with it. docs/errors.md lists the same table; a test holds the two together.

/**
 * What each code means to the outside: the HTTP status a server sends and the exit code a command ends with
 * (0 done, 1 failed, 2 bad usage).
 */
export const ERROR_CODES = {
  "invalid-argument": { httpStatus: 400, exitCode: 2, meaning: "An argument or option is out of range." },
  "file-unreadable": { httpStatus: 400, exitCode: 1, meaning: "A file or folder cannot be read or written." },
  "audio-empty": { httpStatus: 400, exitCode: 1, meaning: "The audio holds no bytes." },
  "audio-unrecognised": { httpStatus: 415, exitCode: 1, meaning: "The bytes are no known audio format." },
  "audio-unsupported": {
    httpStatus: 415,
    exitCode: 1,
    meaning: "A known format in a variant not supported.",
  },
  "audio-truncated": { httpStatus: 422, exitCode: 1, meaning: "The audio ends before its header says." },
  "audio-damaged": { httpStatus: 422, exitCode: 1, meaning: "The audio's structure contradicts itself." },
  "audio-no-samples": {
    httpStatus: 422,
    exitCode: 1,
    meaning: "The audio is well-formed and holds no samples.",
  },
  "audio-non-finite": { httpStatus: 422, exitCode: 1, meaning: "A sample is NaN or infinite." },
  "audio-too-long": { httpStatus: 413, exitCode: 1, meaning: "The audio is longer than the limit." },
  "model-format": {
    httpStatus: 500,
    exitCode: 1,
    meaning: "The file is no model of this package, or damaged.",
  },
  "graph-shape": { httpStatus: 500, exitCode: 1, meaning: "Tensors of these shapes cannot be combined." },
  "corpus-missing": { httpStatus: 500, exitCode: 1, meaning: "A corpus is missing or holds no recordings." },
  "corpus-format": { httpStatus: 500, exitCode: 1, meaning: "A corpus file is not laid out as expected." },
  "corpus-download": { httpStatus: 502, exitCode: 1, meaning: "A corpus could not be downloaded." },
  "corpus-digest": { httpStatus: 502, exitCode: 1, meaning: "A downloaded corpus is not the one expected." },
  "checkpoint-format": {
    httpStatus: 500,
    exitCode: 1,
    meaning: "A checkpoint is damaged or of another run.",
  },
  "run-exists": { httpStatus: 409, exitCode: 2, meaning: "The folder holds a run that would be lost." },
  "run-in-use": { httpStatus: 409, exitCode: 2, meaning: "Another training is at work in the folder." },
  "voice-format": { httpStatus: 400, exitCode: 1, meaning: "This is no voice profile of this model." },
  "voice-takes": { httpStatus: 422, exitCode: 1, meaning: "No take is fit to learn a voice from." },
  "microphone-denied": { httpStatus: 403, exitCode: 1, meaning: "The microphone may not be used." },
  "microphone-not-found": {
    httpStatus: 404,
    exitCode: 1,
    meaning: "There is no microphone, or it went away.",
  },
  "microphone-in-use": { httpStatus: 409, exitCode: 1, meaning: "Another program holds the microphone." },
  "microphone-insecure-context": {
    httpStatus: 403,
    exitCode: 1,
    meaning: "The page's address is not one that may listen.",
  },
  "microphone-unsupported": { httpStatus: 501, exitCode: 1, meaning: "The browser offers no way to listen." },
  "request-malformed": {
    httpStatus: 400,
    exitCode: 1,
    meaning: "The request is not what the route expects.",
  },
  "request-unauthorised": { httpStatus: 401, exitCode: 1, meaning: "The request lacks the server's token." },
  "request-foreign-page": {
    httpStatus: 403,
    exitCode: 1,
    meaning: "The request is of a page of another origin.",
  },
  "request-misdirected": {
    httpStatus: 421,
    exitCode: 1,
    meaning: "The request's Host is no name of this server.",
  },
  "request-not-found": { httpStatus: 404, exitCode: 1, meaning: "There is nothing at this address." },
  "request-method": { httpStatus: 405, exitCode: 1, meaning: "The address does not take this method." },
  "request-precondition": { httpStatus: 412, exitCode: 1, meaning: "The file is not as it was asked for." },
  "request-range": { httpStatus: 416, exitCode: 1, meaning: "The file has no such bytes." },
  "request-too-slow": { httpStatus: 408, exitCode: 1, meaning: "The request did not arrive in time." },
  "request-too-large": { httpStatus: 413, exitCode: 1, meaning: "The request holds more than the limit." },
  "request-too-frequent": {
    httpStatus: 429,
    exitCode: 1,
    meaning: "The client sends more requests than the limit.",
  },
  "service-busy": { httpStatus: 503, exitCode: 1, meaning: "The server has all the work it can hold." },
  "service-timeout": { httpStatus: 503, exitCode: 1, meaning: "The server could not answer in time." },
  "service-memory": { httpStatus: 413, exitCode: 1, meaning: "A recording takes too much memory." },
  "service-stopping": { httpStatus: 503, exitCode: 1, meaning: "The server is being shut down." },
  "service-fault": { httpStatus: 500, exitCode: 1, meaning: "Something unforeseen went wrong." },
  "service-unreachable": {
    httpStatus: 502,
    exitCode: 1,
    meaning: "The service did not answer, or something else did.",
  },
  "service-not-shared": { httpStatus: 502, exitCode: 1, meaning: "No public link could be had." },
  "hub-token": { httpStatus: 401, exitCode: 1, meaning: "There is no token for the Hugging Face hub." },
  "hub-denied": { httpStatus: 403, exitCode: 1, meaning: "The hub does not let this token write there." },
  "hub-unreachable": { httpStatus: 502, exitCode: 1, meaning: "The hub did not answer." },
  "hub-rejected": { httpStatus: 502, exitCode: 1, meaning: "The hub did not take the upload." },
} as const;

/** A stable, machine-readable name of a failure. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Base of every error thrown on purpose by this package. */
export class SpokenDigitsError extends Error {
  /** Stable across versions; see {@link ERROR_CODES}. */
  readonly code: ErrorCode;

  /**
   * @param code Stable name of the failure.
   * @param message Where, what was expected, what came, and where it helps what to do.
   * @param options.cause The error underneath, when there is one.
   */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Base of errors whose codes begin alike. */
abstract class GroupError<Code extends ErrorCode> extends SpokenDigitsError {
  /** @param code Which of its failures it is. */
  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(code, message, options);
  }
}

/** The caller passed something out of range. Code `invalid-argument`. */
export class InvalidArgumentError extends SpokenDigitsError {
  /** @param message For example `resample: targetRate must be > 0 Hz, got 0`. */
  constructor(message: string, options?: { cause?: unknown }) {
    super("invalid-argument", message, options);
  }
}

/** A file or folder of the caller's cannot be read or written. Code `file-unreadable`. */
export class FileError extends SpokenDigitsError {
  /** @param message Names the path and the operating system's reason. */
  constructor(message: string, options?: { cause?: unknown }) {
    super("file-unreadable", message, options);
  }
}

/** Bytes that should have been audio and are not usable as such. Codes `audio-...`. */
export class AudioFormatError extends GroupError<Extract<ErrorCode, `audio-${string}`>> {}

/** A file that is no model of this package, or a damaged one. Code `model-format`. */
export class ModelFormatError extends SpokenDigitsError {
  /** @param message What was expected of the file and what was found. */
  constructor(message: string, options?: { cause?: unknown }) {
    super("model-format", message, options);
  }
}

/** Tensors whose shapes or element types do not fit an operation. Code `graph-shape`. */
export class GraphShapeError extends SpokenDigitsError {
  /** @param message Names the operation and the shapes it was given. */
  constructor(message: string, options?: { cause?: unknown }) {
    super("graph-shape", message, options);
  }
}

/** A corpus that is missing, malformed or not the one expected. Codes `corpus-...`. */
export class CorpusError extends GroupError<Extract<ErrorCode, `corpus-${string}`>> {}

/** A training checkpoint that is damaged or belongs to another run. Code `checkpoint-format`. */
export class CheckpointError extends SpokenDigitsError {
  /** @param message What was expected of the checkpoint and what was found. */
  constructor(message: string, options?: { cause?: unknown }) {
    super("checkpoint-format", message, options);
  }
}

/** The codes of {@link TrainingRunError}. */
export type TrainingRunErrorCode = Extract<ErrorCode, `run-${string}`>;

/** A folder in which no training run can begin now. Codes `run-...`. */
export class TrainingRunError extends GroupError<TrainingRunErrorCode> {}

/** A voice profile that cannot be used, or takes that make none. Codes `voice-...`. */
export class VoiceProfileError extends GroupError<Extract<ErrorCode, `voice-${string}`>> {}

/** The codes of {@link MicrophoneError}. */
export type MicrophoneErrorCode = Extract<ErrorCode, `microphone-${string}`>;

/** A microphone that cannot be opened, or was lost. Codes `microphone-...`. */
export class MicrophoneError extends GroupError<MicrophoneErrorCode> {}

/** The codes of {@link RequestError}. */
export type RequestErrorCode = Extract<ErrorCode, `request-${string}`>;

/** A request that the service does not take. Codes `request-...`. */
export class RequestError extends GroupError<RequestErrorCode> {}

/** The codes of {@link ServiceError}. */
export type ServiceErrorCode = Extract<ErrorCode, `service-${string}`>;

/** A service that cannot answer now, whatever the request. Codes `service-...`. */
export class ServiceError extends GroupError<ServiceErrorCode> {}

/** The codes of {@link HubError}. */
export type HubErrorCode = Extract<ErrorCode, `hub-${string}`>;

/** An upload to the Hugging Face hub that failed. Codes `hub-...`. */
export class HubError extends GroupError<HubErrorCode> {}

type GroupClass = new (code: never, message: string) => SpokenDigitsError;

const CLASS_BY_PREFIX: Readonly<Record<string, GroupClass>> = {
  audio: AudioFormatError,
  corpus: CorpusError,
  voice: VoiceProfileError,
  microphone: MicrophoneError,
  request: RequestError,
  service: ServiceError,
  hub: HubError,
  run: TrainingRunError,
};

const CLASS_BY_CODE: Partial<Record<ErrorCode, new (message: string) => SpokenDigitsError>> = {
  "invalid-argument": InvalidArgumentError,
  "file-unreadable": FileError,
  "model-format": ModelFormatError,
  "graph-shape": GraphShapeError,
  "checkpoint-format": CheckpointError,
};

/**
 * The error of a code, in its class: what was thrown in another process or thread, or came as JSON.
 *
 * @param code Of the table.
 * @param message As it was.
 */
export function errorOfCode(code: ErrorCode, message: string): SpokenDigitsError {
  const Own = CLASS_BY_CODE[code];
  if (Own) return new Own(message);
  const Group = CLASS_BY_PREFIX[code.slice(0, code.indexOf("-"))];
  return Group ? new Group(code as never, message) : new SpokenDigitsError(code, message);
}

/**
 * The message of an error in the words of somebody who calls no function: without the name of the one that threw it, and
 * without what its options are called.
 *
 * @param message As thrown; may have several lines.
 * @returns One line.
 */
export function plainMessage(message: string): string {
  const oneLine = message.trim().replace(/\s*\n\s*/g, " ");
  return oneLine.replace(THROWER, "").replace(/ \(option \w+\)$/, "");
}

// Other words before a colon are what the message is about: "checkpoint: the file is damaged".
const THROWER =
  /^([a-z]+[A-Z]\w*|batch|card|classify|client|data|denoise|evaluate|info|listen|live|predict|publish|recipe|recognizer|resample|robustness|serve|settings|share|train|transcribe): /;
