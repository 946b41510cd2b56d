import { MicrophoneError, type MicrophoneErrorCode } from "../../errors.ts";
import type { CaptureSource } from "../engine/protocol.ts";
import type { Scope } from "../scope.ts";
import processorUrl from "./capture-processor.ts?worker&url";

/** Settings of a microphone, and who owns it. */
export type MicrophoneOptions = {
  /** Whether the browser may suppress noise and adjust the gain before we hear anything. */
  browserProcessing: boolean;
  /** Which device, as the browser calls it; empty, or one that is gone, for the usual one. */
  deviceId: string;
  /** Owns the track, the audio context and the ports: ending it closes the microphone, also while it is being opened. */
  scope: Scope;
  /** Called once when the device goes away while it is open. */
  onLost: (error: MicrophoneError) => void;
};

/**
 * Opens the microphone at the device's own sample rate. To be called in a click: browsers ask for permission and start
 * audio only then.
 *
 * @param options See {@link MicrophoneOptions}.
 * @returns Where its samples arrive; to be handed to the worker.
 * @throws {MicrophoneError} `microphone-denied`, `-not-found`, `-in-use`, `-insecure-context`, `-unsupported`.
 */
export async function openMicrophone(options: MicrophoneOptions): Promise<CaptureSource> {
  const { scope } = options;
  try {
    checkSupport();
    const context = new AudioContext({ latencyHint: "interactive" });
    scope.add(() => void context.close());
    const [stream] = await Promise.all([openStream(options), context.audioWorklet.addModule(processorUrl)]);
    scope.listen(stream.getAudioTracks()[0]!, "ended", () => {
      options.onLost(
        new MicrophoneError("microphone-not-found", "microphone: it was unplugged or switched off"),
      );
    });
    // It need not settle: some browsers leave it open for as long as another program has the sound device.
    context.resume().catch(() => undefined);
    const { port1, port2 } = new MessageChannel();
    const source = context.createMediaStreamSource(stream);
    const node = new AudioWorkletNode(context, "capture", {
      numberOfOutputs: 1,
      channelCount: 1,
      channelCountMode: "explicit",
    });
    node.port.postMessage(port1, [port1]);
    // It gives out silence. Some browsers run only what leads to the loudspeaker.
    source.connect(node).connect(context.destination);
    scope.add(() => {
      source.disconnect();
      node.disconnect();
      node.port.close();
    });
    return { port: port2, sampleRate: context.sampleRate };
  } catch (error) {
    scope.dispose();
    throw asMicrophoneError(error);
  }
}

async function openStream({ browserProcessing, deviceId, scope }: MicrophoneOptions): Promise<MediaStream> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: {
      ...(deviceId && { deviceId: { ideal: deviceId } }),
      channelCount: 1,
      echoCancellation: false,
      noiseSuppression: browserProcessing,
      autoGainControl: browserProcessing,
    },
  });
  scope.add(() => {
    for (const track of stream.getTracks()) track.stop();
  });
  return stream;
}

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
