import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MicrophoneError } from "../../errors.ts";
import type { LiveDigitEvent } from "../../live/digit-event.ts";
import type { CaptureSource, EngineEvent } from "../engine/protocol.ts";
import type { MicrophoneOptions } from "../microphone/open-microphone.ts";
import { announcements } from "./announce.ts";
import { forgetAll, history } from "./history.ts";
import { cancel, listenForTakes, toggleLive, toggleRecording } from "./microphone-actions.ts";
import { correct, deleteLast } from "./number-actions.ts";
import { digitsOf } from "./number-text.ts";
import { listening, noSound, notice, utterance } from "./page-state.ts";

const LOST = "No microphone found";

const { ask, listeners, openMicrophone } = vi.hoisted(() => ({
  ask: vi.fn<(call: string, argument?: unknown) => Promise<unknown>>(),
  listeners: [] as ((event: EngineEvent) => void)[],
  openMicrophone: vi.fn<(options: MicrophoneOptions) => Promise<CaptureSource>>(),
}));
vi.mock("./engine-link.ts", () => ({
  engine: { ask },
  onEngineEvent: (listener: (event: EngineEvent) => void) => {
    listeners.push(listener);
    return () => undefined;
  },
}));
vi.mock("../microphone/open-microphone.ts", () => ({ openMicrophone }));
vi.mock("./microphones.ts", () => ({ listMicrophones: vi.fn() }));

/** The microphones opened so far, the newest last. */
const opened: { stop: ReturnType<typeof vi.fn<() => void>>; lose: () => void }[] = [];

beforeEach(() => {
  opened.length = 0;
  notice.value = null;
  forgetAll();
  ask.mockReset().mockResolvedValue(undefined);
  openMicrophone.mockReset().mockImplementation(async (options) => open(options));
});
afterEach(async () => {
  if (listening.value !== "off") await cancel();
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
    // The first time it was told before it had begun.
    expect(ask.mock.calls.at(-1)![0]).toBe("cancel");
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
      soundArrives();
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
    soundArrives();
    expect(listening.value).toBe("live");
    tellPage({ kind: "failure", failure: { code: null, message: "out of memory" } });
    await vi.waitFor(() => expect(notice.value?.detail).toBe("out of memory"));
    expect(opened[0]!.stop).toHaveBeenCalled();
  });

  it("ends a recording, and says why", async () => {
    await toggleRecording();
    soundArrives();
    ask.mockRejectedValue(new Error("nothing was recorded"));
    tellPage({ kind: "failure", failure: { code: null, message: "out of memory" } });
    await vi.waitFor(() => expect(notice.value?.detail).toBe("out of memory"));
    expect(opened[0]!.stop).toHaveBeenCalled();
  });

  it("is told where listening is to stop", async () => {
    await toggleLive();
    soundArrives();
    ask.mockRejectedValue(new Error("out of memory"));
    await toggleLive();
    expect(notice.value?.detail).toBe("out of memory");
  });
});

describe("what is begun", () => {
  it("is announced when the first sound arrives, not before", async () => {
    await toggleRecording();
    expect(listening.value).toBe("starting");
    expect(announcements.value.at(-1)?.text).not.toBe("Recording.");
    soundArrives();
    expect(listening.value).toBe("recording");
    expect(announcements.value.at(-1)?.text).toBe("Recording.");
    await cancel();
  });

  it("is not disturbed by what would begin something else", async () => {
    await listenForTakes(() => undefined);
    soundArrives();
    await toggleRecording();
    await toggleLive();
    expect(opened).toHaveLength(1);
    expect(opened[0]!.stop).not.toHaveBeenCalled();
    expect(listening.value).toBe("teaching");
  });

  it("can be cancelled while it waits, and drops a recording", async () => {
    openMicrophone.mockImplementation((options) => {
      open(options);
      return new Promise(() => undefined);
    });
    void toggleRecording();
    await toggleRecording();
    expect(listening.value).toBe("off");
    // What was opened before the permission was asked for is not left open.
    expect(opened.pop()!.stop).toHaveBeenCalledOnce();
    openMicrophone.mockImplementation(async (options) => open(options));
    await toggleRecording();
    soundArrives();
    ask.mockClear();
    await cancel();
    expect(ask.mock.calls.map(([call]) => call)).toEqual(["cancel"]);
    expect(opened[0]!.stop).toHaveBeenCalledOnce();
  });

  it("says so when the microphone gives nothing, until it gives something", async () => {
    vi.useFakeTimers();
    await toggleLive();
    soundArrives(-100);
    vi.advanceTimersByTime(4000);
    expect(noSound.value).toBe(true);
    expect(announcements.value.at(-1)?.text).toContain("muted");
    soundArrives(-40);
    expect(noSound.value).toBe(false);
    vi.useRealTimers();
  });

  it("ends a recording a while after the last word", async () => {
    await toggleRecording();
    for (let ms = 20; ms <= 3000; ms += 20) soundArrives(ms > 500 && ms < 1000 ? -20 : -70, ms);
    await vi.waitFor(() => expect(listening.value).toBe("off"));
    expect(ask.mock.calls.map(([call]) => call)).toContain("finishRecording");
    await toggleRecording(); // pressed a moment too late
    expect(opened).toHaveLength(1);
  });
});

describe("a live session", () => {
  it("is one number and one row of the history, without the digits that were deleted", async () => {
    await toggleLive();
    soundArrives();
    for (const [i, digit] of [1, 6, 6].entries()) hear(digit, 1000 * (i + 1));
    expect(announcements.value.slice(-2).map(({ text }) => text)).toEqual(["six", "six"]);
    deleteLast();
    ask.mockResolvedValueOnce({ opened: { clipId: 5, durationMs: 9000, wav: new Blob() }, offsetMs: 500 });
    await toggleLive();
    expect(digitsOf(utterance.value!)).toBe("16");
    expect(history.value).toHaveLength(1);
    expect(history.value[0]!.utterance.digits.map(({ startMs }) => startMs)).toEqual([500, 1500]);
    expect(announcements.value.at(-1)?.text).toBe("Stopped listening. Heard: 1 6.");
  });

  it("begins with an empty view, and leaves no row where nothing was heard", async () => {
    await toggleLive();
    soundArrives();
    expect(utterance.value?.digits).toEqual([]);
    ask.mockResolvedValueOnce({ opened: { clipId: 6, durationMs: 900, wav: new Blob() }, offsetMs: 0 });
    await toggleLive();
    expect([history.value, utterance.value]).toEqual([[], null]);
  });
});

describe("a digit that is not certain yet", () => {
  beforeEach(async () => {
    await toggleLive();
    soundArrives();
  });

  it("is shown at once, said when it is firm, and goes when it is withdrawn", () => {
    tellOf({ digit: 4, startMs: 0, id: 101, status: "tentative" });
    tellOf({ digit: 5, startMs: 500, id: 102, status: "tentative" });
    expect(digitsOf(utterance.value!)).toBe("45");
    expect(announcements.value.at(-1)?.text).toBe("Listening.");
    tellOf({ digit: 9, startMs: 500, id: 102, status: "firm" });
    tellOf({ digit: 4, startMs: 0, id: 101, status: "withdrawn" });
    expect(utterance.value!.digits).toMatchObject([{ digit: 9 }]);
    expect(announcements.value.at(-1)?.text).toBe("nine");
  });

  it("stays away once the reader has deleted it, and keeps what they said of it", () => {
    tellOf({ digit: 4, startMs: 0, id: 201, status: "tentative" });
    correct(1);
    tellOf({ digit: 4, startMs: 0, id: 201, status: "firm" });
    tellOf({ digit: 7, startMs: 500, id: 202, status: "tentative" });
    deleteLast();
    tellOf({ digit: 7, startMs: 500, id: 202, status: "firm" });
    expect(digitsOf(utterance.value!)).toBe("1");
  });
});

function tellPage(event: EngineEvent): void {
  for (const listener of listeners) listener(event);
}

function soundArrives(levelDb = -40, durationMs = 20): void {
  tellPage({ kind: "level", levelDb, durationMs });
}

let lastId = 0;

function hear(digit: number, startMs: number): void {
  lastId++;
  tellOf({ digit, startMs, id: lastId, status: "firm" });
}

function tellOf({
  digit,
  startMs,
  id,
  status,
}: Pick<LiveDigitEvent, "digit" | "startMs" | "id" | "status">): void {
  const probs = new Array<number>(10).fill(0.01);
  const logMel = { data: new Float32Array(1), nMels: 1, nFrames: 1 };
  const prediction = {
    digit,
    topDigit: digit,
    confidence: 0.9,
    probs,
    noneProb: 0,
    none: null,
    ms: 1,
    logMel,
  };
  const event = { digit, startMs, endMs: startMs + 400, confidence: 0.9, rivals: [], id, status };
  tellPage({
    kind: "digit",
    event,
    prediction: status === "withdrawn" ? null : prediction,
    endedAt: Date.now(),
  });
}

function open({ onLost, scope }: MicrophoneOptions): CaptureSource {
  const stop = vi.fn<() => void>();
  scope.add(stop);
  opened.push({ stop, lose: () => onLost(new MicrophoneError("microphone-not-found", "unplugged")) });
  return { port: new MessageChannel().port2, sampleRate: 48_000 };
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
