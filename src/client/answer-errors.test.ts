import { describe, expect, it } from "vitest";
import {
  AudioFormatError,
  ERROR_CODES,
  type ErrorCode,
  InvalidArgumentError,
  ModelFormatError,
  RequestError,
  ServiceError,
  SpokenDigitsError,
} from "../errors.ts";
import { errorOfAnswer, isErrorAnswer } from "./answer-errors.ts";

describe("errorOfAnswer", () => {
  it.each(Object.keys(ERROR_CODES) as ErrorCode[])("keeps code and message of %s", (code) => {
    const error = errorOfAnswer({ code, message: "what happened" });
    expect(error).toBeInstanceOf(SpokenDigitsError);
    expect(error).toMatchObject({ code, message: "what happened" });
  });

  it.each([
    ["audio-truncated", AudioFormatError],
    ["request-too-large", RequestError],
    ["service-busy", ServiceError],
    ["invalid-argument", InvalidArgumentError],
    ["model-format", ModelFormatError],
  ])("makes %s an error of its class", (code, expected) => {
    expect(errorOfAnswer({ code, message: "" })).toBeInstanceOf(expected);
  });

  it("makes a code of a newer service a fault of the service, and keeps what it said", () => {
    expect(errorOfAnswer({ code: "audio-too-loud", message: "turn it down" })).toMatchObject({
      code: "service-fault",
      message: "turn it down (audio-too-loud)",
    });
  });
});

describe("isErrorAnswer", () => {
  it("takes a code with a message alone", () => {
    expect(isErrorAnswer({ code: "service-busy", message: "" })).toBe(true);
    for (const value of [null, undefined, "text", 7, [], {}, { code: "x" }, { code: 1, message: "" }]) {
      expect(isErrorAnswer(value)).toBe(false);
    }
  });
});
