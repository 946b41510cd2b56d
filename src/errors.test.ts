import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as errors from "./errors.ts";
import { ERROR_CODES, type ErrorCode, SpokenDigitsError } from "./errors.ts";

type Row = { className: string; httpStatus: number; exitCode: number; meaning: string };

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];
const documented = readTable();

describe("docs/errors.md", () => {
  test("lists exactly the codes of errors.ts, in their order", () => {
    expect([...documented.keys()]).toEqual(CODES);
  });

  test.each(CODES)("says of %s what errors.ts says", (code) => {
    expect(documented.get(code)).toEqual({ className: createError(code).name, ...ERROR_CODES[code] });
  });

  test("names every error class that errors.ts exports", () => {
    const classes = Object.values(errors).filter(
      (value) => typeof value === "function" && value.toString().startsWith("class"),
    );
    const names = classes
      .map((value) => (value as { name: string }).name)
      .filter((name) => name !== "SpokenDigitsError");
    expect(new Set([...documented.values()].map(({ className }) => className))).toEqual(new Set(names));
  });
});

describe("error classes", () => {
  test.each(CODES)("the one of %s carries code, message and cause", (code) => {
    const cause = new Error("underneath");
    const error = createError(code, { cause });
    expect(error).toBeInstanceOf(SpokenDigitsError);
    expect(error).toMatchObject({ code, message: "what happened", cause });
  });

  test.each(CODES)("errorOfCode makes an error of %s in the same class", (code) => {
    const error = errors.errorOfCode(code, "what happened");
    expect(error).toMatchObject({ code, message: "what happened" });
    expect(error.constructor).toBe(createError(code).constructor);
  });

  test.each(CODES)("%s ends a command with 1 or 2 and a request with an error status", (code) => {
    expect([1, 2]).toContain(ERROR_CODES[code].exitCode);
    expect(ERROR_CODES[code].httpStatus).toBeGreaterThanOrEqual(400);
  });
});

test.each([
  ["decodeAudio: the audio holds\n no bytes", "the audio holds no bytes"],
  ["decodeAudio: too long (option maxDurationMs)", "too long"],
  ["live: a session lasts 60 s at most", "a session lasts 60 s at most"],
  ["checkpoint: the file is damaged", "checkpoint: the file is damaged"],
])("%j is told as %j", (message, told) => {
  expect(errors.plainMessage(message)).toBe(told);
  expect(errors.plainMessage(told)).toBe(told);
});

function createError(code: ErrorCode, options?: { cause: unknown }): SpokenDigitsError {
  const message = "what happened";
  switch (code) {
    case "invalid-argument":
      return new errors.InvalidArgumentError(message, options);
    case "file-unreadable":
      return new errors.FileError(message, options);
    case "model-format":
      return new errors.ModelFormatError(message, options);
    case "graph-shape":
      return new errors.GraphShapeError(message, options);
    case "checkpoint-format":
      return new errors.CheckpointError(message, options);
    case "run-exists":
    case "run-in-use":
      return new errors.TrainingRunError(code, message, options);
    case "corpus-missing":
    case "corpus-format":
    case "corpus-download":
    case "corpus-digest":
      return new errors.CorpusError(code, message, options);
    case "voice-format":
    case "voice-takes":
      return new errors.VoiceProfileError(code, message, options);
    case "microphone-denied":
    case "microphone-not-found":
    case "microphone-in-use":
    case "microphone-insecure-context":
    case "microphone-unsupported":
      return new errors.MicrophoneError(code, message, options);
    case "request-malformed":
    case "request-unauthorised":
    case "request-foreign-page":
    case "request-misdirected":
    case "request-not-found":
    case "request-method":
    case "request-precondition":
    case "request-range":
    case "request-too-slow":
    case "request-too-large":
    case "request-too-frequent":
      return new errors.RequestError(code, message, options);
    case "service-busy":
    case "service-timeout":
    case "service-memory":
    case "service-stopping":
    case "service-fault":
    case "service-unreachable":
    case "service-not-shared":
      return new errors.ServiceError(code, message, options);
    case "hub-token":
    case "hub-denied":
    case "hub-unreachable":
    case "hub-rejected":
      return new errors.HubError(code, message, options);
    default:
      return new errors.AudioFormatError(code, message, options);
  }
}

function readTable(): Map<string, Row> {
  const text = readFileSync(new URL("../docs/errors.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    rows.map((line) => {
      const [code, className, httpStatus, exitCode, meaning, advice] = line
        .slice(1, -1)
        .split("|")
        .map(plain);
      if (!code || !className || !meaning || !advice) throw new Error(`incomplete row: ${line}`);
      return [code, { className, httpStatus: Number(httpStatus), exitCode: Number(exitCode), meaning }];
    }),
  );
}

function plain(cell: string): string {
  return cell.trim().replace(/^`(.*)`$/, "$1");
}
