import { beforeEach, expect, it, vi } from "vitest";
import { cancel } from "./microphone-actions.ts";
import { notice } from "./page-state.ts";
import { lesson, teach } from "./teach-actions.ts";

const { ask, listeners } = vi.hoisted(() => ({
  ask: vi.fn<(call: string) => Promise<unknown>>(),
  listeners: [] as ((event: unknown) => void)[],
}));
vi.mock("./engine-link.ts", () => ({
  engine: { ask },
  onEngineEvent: (listener: (event: unknown) => void) => listeners.push(listener),
}));
vi.mock("../microphone/open-microphone.ts", () => ({ openMicrophone: async () => ({ sampleRate: 8000 }) }));
vi.mock("./microphones.ts", () => ({ listMicrophones: vi.fn() }));

beforeEach(async () => {
  notice.value = null;
  ask.mockReset().mockImplementation(async (call) => (call === "addTake" ? null : undefined));
  await teach("Ann");
});

it("is over when it is cancelled, whatever becomes of the take that was being heard", async () => {
  ask.mockImplementation(async (call) => {
    if (call === "addTake") throw new Error("nothing is recorded");
  });
  sayWord(0);
  await cancel();
  expect([lesson.value, notice.value]).toEqual([null, null]);
});

it("says so where nothing can be learnt of all the takes", async () => {
  ask.mockImplementation(async (call) => {
    if (call === "finishTeaching") throw new Error("no take could be used");
    return null;
  });
  for (let take = 0; take < 30; take++) {
    expect(lesson.value?.done).toBe(take);
    sayWord(take);
    await vi.waitFor(() => expect(lesson.value?.done).not.toBe(take));
  }
  await vi.waitFor(() => expect(notice.value?.detail).toBe("no take could be used"));
  expect(lesson.value).toBeNull();
});

/** A word of 300 ms, and quiet around it. */
function sayWord(take: number): void {
  for (let ms = 20; ms <= 1500; ms += 20) {
    const event = { kind: "level", levelDb: ms > 400 && ms < 700 ? -20 : -70, durationMs: take * 1500 + ms };
    for (const listener of listeners) listener(event);
  }
}
