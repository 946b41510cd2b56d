import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MicrophoneError } from "../../errors.ts";
import type { EngineEvent } from "../engine/protocol.ts";
import type { Microphone, MicrophoneOptions } from "../microphone/open-microphone.ts";
import { toggleLive, toggleRecording } from "./microphone-actions.ts";
import { listening, notice } from "./page-state.ts";

const LOST = "No microphone found";

const { ask, listeners, openMicrophone } = vi.hoisted(() => ({
  ask: vi.fn<(call: string) => Promise<unknown>>(),
  listeners: [] as ((event: EngineEvent) => void)[],
  openMicrophone: vi.fn<(options: MicrophoneOptions) => Promise<Microphone>>(),
}));
vi.mock("./engine-link.ts", () => ({
  engine: { ask },
  onEngineEvent: (listener: (event: EngineEvent) => void) => listeners.push(listener),
}));
vi.mock("../microphone/open-microphone.ts", () => ({ openMicrophone }));

/** The microphones opened so far, the newest last. */
const opened: { stop: ReturnType<typeof vi.fn<() => void>>; lose: () => void }[] = [];

beforeEach(() => {
  opened.length = 0;
  notice.value = null;
  ask.mockReset().mockResolvedValue(undefined);
  openMicrophone.mockReset().mockImplementation(async (options) => open(options));
});
afterEach(async () => {
  if (listening.value === "live") await toggleLive();
  expect(listening.value).toBe("off");
});

describe.each([
  ["a recording", toggleRecording],
  ["listening", toggleLive],
])("a microphone that is lost while %s starts", (_what, toggle) => {
  it("leaves it off, and is told, where the worker is being asked", async () => {
    const answer = answerLater();
    const starting = toggle();
    await vi.waitFor(() => expect(ask).toHaveBeenCalled());
    opened[0]!.lose();
    await vi.waitFor(() => expect(notice.value?.title).toBe(LOST));
    answer.resolve(undefined);
    await starting;
    expect(opened[0]!.stop).toHaveBeenCalled();
    expect([listening.value, notice.value?.title]).toEqual(["off", LOST]);
    // The first was answered before the worker had begun.
    expect(ask.mock.calls.filter(([call]) => call === "stopLive")).toHaveLength(2);
  });

  it("leaves it off, and is closed, where it is being opened", async () => {
    openMicrophone.mockImplementation(async (options) => {
      const microphone = open(options);
      opened[0]!.lose();
      return microphone;
    });
    await toggle();
    await vi.waitFor(() => expect(notice.value?.title).toBe(LOST));
    expect(opened[0]!.stop).toHaveBeenCalledOnce();
    expect(listening.value).toBe("off");
  });

  it("does not disturb another start, whether the worker answers the first or fails", async () => {
    for (const settle of ["resolve", "reject"] as const) {
      const answer = answerLater();
      const first = toggle();
      await vi.waitFor(() => expect(ask).toHaveBeenCalled());
      opened.at(-1)!.lose();
      await vi.waitFor(() => expect(notice.value?.title).toBe(LOST));
      await toggleLive();
      answer[settle](new Error("too late"));
      await first;
      expect([listening.value, notice.value]).toEqual(["live", null]);
      expect(opened.at(-1)!.stop).not.toHaveBeenCalled();
      await toggleLive();
      ask.mockClear();
    }
  });
});

describe("a worker that fails", () => {
  it("ends listening, and says why", async () => {
    await toggleLive();
    expect(listening.value).toBe("live");
    listeners[0]!({ kind: "failure", failure: { code: null, message: "out of memory" } });
    await vi.waitFor(() => expect(notice.value?.detail).toBe("out of memory"));
    expect(opened[0]!.stop).toHaveBeenCalled();
  });

  it("ends a recording, and says why", async () => {
    await toggleRecording();
    expect(listening.value).toBe("recording");
    ask.mockRejectedValue(new Error("nothing was recorded"));
    listeners[0]!({ kind: "failure", failure: { code: null, message: "out of memory" } });
    await vi.waitFor(() => expect(notice.value?.detail).toBe("out of memory"));
    expect(opened[0]!.stop).toHaveBeenCalled();
  });

  it("is told where listening is to stop", async () => {
    await toggleLive();
    ask.mockRejectedValue(new Error("out of memory"));
    await toggleLive();
    expect(notice.value?.detail).toBe("out of memory");
  });
});

function open({ onLost }: MicrophoneOptions): Microphone {
  const stop = vi.fn<() => void>();
  opened.push({ stop, lose: () => onLost(new MicrophoneError("microphone-not-found", "unplugged")) });
  return { source: { port: new MessageChannel().port2, sampleRate: 48_000 }, stop };
}

/** The worker's next answer, given when the test says so. */
function answerLater(): { resolve: (answer: unknown) => void; reject: (error: Error) => void } {
  let settle!: ReturnType<typeof answerLater>;
  ask.mockReturnValueOnce(
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
    }),
  );
  return settle;
}
