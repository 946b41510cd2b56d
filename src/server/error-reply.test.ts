import { expect, test } from "vitest";
import { AudioFormatError } from "../errors.ts";
import { asKnownError } from "./error-reply.ts";

test("errors of the package stay as they are", () => {
  const error = new AudioFormatError("audio-empty", "no bytes");
  expect(asKnownError(error)).toBe(error);
});

test.each([
  ["FST_ERR_CTP_BODY_TOO_LARGE", "request-too-large", 413],
  ["ECONNRESET", "request-malformed", undefined],
  ["FST_ERR_VALIDATION", "invalid-argument", 400],
  ["FST_ERR_CTP_INVALID_MEDIA_TYPE", "request-malformed", 415],
  ["ANY_OTHER", "request-malformed", 404],
])("the framework's %s is known as %s", (code, expected, statusCode) => {
  const error = Object.assign(new Error("what is wrong"), { code, statusCode });
  expect(asKnownError(error)).toMatchObject({ code: expected, cause: error });
});

test("a status of ours does not come with the words of another", () => {
  const words = "Unsupported Media Type";
  const error = Object.assign(new Error(words), { code: "FST_ERR_CTP_INVALID_MEDIA_TYPE", statusCode: 415 });
  expect(asKnownError(error).message).toBe("the header Content-Type cannot be read");
});

test.each([
  new Error("a secret"),
  Object.assign(new Error("a secret"), { statusCode: 502 }),
  "a secret",
  null,
])("of anything else nothing is told", (error) => {
  const known = asKnownError(error);
  expect(known.code).toBe("service-fault");
  expect(known.message).not.toContain("secret");
});
