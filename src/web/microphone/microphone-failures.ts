import type { MicrophoneErrorCode } from "../../errors.ts";
import { MicrophoneError } from "../../errors.ts";

/**
 * Checks that this page, in this browser, can have a microphone at all.
 *
 * @throws {MicrophoneError} `microphone-insecure-context`, `microphone-unsupported`.
 */
export function checkSupport(): void {
  if (!window.isSecureContext) {
    throw new MicrophoneError("microphone-insecure-context", `microphone: ${location.origin} is not https`);
  }
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === "undefined") {
    throw new MicrophoneError("microphone-unsupported", "microphone: this browser offers no way to listen");
  }
}

/**
 * Says which of our failures an error of `getUserMedia` or of the audio context is. The names are those of the Media
 * Capture and Streams specification.
 *
 * @param error What was thrown.
 */
export function asMicrophoneError(error: unknown): MicrophoneError {
  if (error instanceof MicrophoneError) return error;
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  return new MicrophoneError(codeOf(name), `microphone: ${message || name}`, { cause: error });
}

function codeOf(name: string): MicrophoneErrorCode {
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
      return "microphone-denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "microphone-not-found";
    case "NotReadableError":
    case "AbortError":
      return "microphone-in-use";
    case "SecurityError":
      return "microphone-insecure-context";
    default:
      return "microphone-unsupported";
  }
}
