import { afterEach, describe, expect, it, vi } from "vitest";
import { MicrophoneError } from "../../errors.ts";
import { asMicrophoneError, checkSupport } from "./open-microphone.ts";

describe("asMicrophoneError", () => {
  it.each([
    ["NotAllowedError", "microphone-denied"],
    ["NotFoundError", "microphone-not-found"],
    ["OverconstrainedError", "microphone-not-found"],
    ["NotReadableError", "microphone-in-use"],
    ["AbortError", "microphone-in-use"],
    ["SecurityError", "microphone-insecure-context"],
    ["TypeError", "microphone-unsupported"],
  ])("takes %s for %s", (name, code) => {
    const cause = new DOMException("why", name);
    expect(asMicrophoneError(cause)).toMatchObject({ code, message: "microphone: why", cause });
  });

  it("leaves our own errors as they are", () => {
    const error = new MicrophoneError("microphone-in-use", "microphone: why");
    expect(asMicrophoneError(error)).toBe(error);
  });
});

describe("checkSupport", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("refuses a page that is not secure", () => {
    vi.stubGlobal("window", { isSecureContext: false });
    vi.stubGlobal("location", { origin: "http://192.168.0.2" });
    expect(checkSupport).toThrowError(expect.objectContaining({ code: "microphone-insecure-context" }));
  });

  it("refuses a browser without getUserMedia or without audio worklets", () => {
    vi.stubGlobal("window", { isSecureContext: true });
    vi.stubGlobal("navigator", {});
    expect(checkSupport).toThrowError(expect.objectContaining({ code: "microphone-unsupported" }));
    vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => undefined } });
    expect(checkSupport).toThrowError(expect.objectContaining({ code: "microphone-unsupported" }));
    vi.stubGlobal("AudioWorkletNode", class {});
    expect(checkSupport).not.toThrow();
  });
});
