import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sayDigits } from "../../../test/web/page-actions.ts";
import { resample } from "../../audio/resample.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import { loadClassifier, loadStreamModel } from "../../load-models.ts";
import type { Classifier } from "../../model/classifier.ts";
import { LiveSession } from "./live-session.ts";
import { summarise } from "./model-summary.ts";
import type { EngineEvent } from "./protocol.ts";

const SAMPLE_RATE = 16_000;
const CHUNK = 320; // 20 ms

let streamModel: StreamModel;
let classifier: Classifier;

beforeAll(async () => {
  [streamModel, classifier] = await Promise.all([loadStreamModel(), loadClassifier()]);
});
afterAll(() => Promise.all([streamModel.release(), classifier.release()]));

/** What a session tells that hears these samples and is then stopped. */
async function hear(samples: Float32Array): Promise<EngineEvent[]> {
  return (await hearAll(samples)).events;
}

async function hearAll(samples: Float32Array): Promise<{ events: EngineEvent[]; session: LiveSession }> {
  const { port1, port2 } = new MessageChannel();
  const events: EngineEvent[] = [];
  const tell = (event: EngineEvent) => events.push(event);
  const source = { port: port2, sampleRate: SAMPLE_RATE };
  const session = new LiveSession(source, {
    streamModel,
    classifier,
    listeningOptions: { expect: "any", length: null, voice: null },
    tell,
  });
  const nChunks = Math.floor(samples.length / CHUNK);
  for (let i = 0; i < nChunks; i++) port1.postMessage(samples.slice(i * CHUNK, (i + 1) * CHUNK));
  await expect.poll(() => ofKind(events, "level").length, { timeout: 60_000 }).toBe(nChunks);
  await Promise.all([session.stop(), session.stop()]);
  port1.close();
  return { events, session };
}

function ofKind<Kind extends EngineEvent["kind"]>(
  events: readonly EngineEvent[],
  kind: Kind,
): Extract<EngineEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<EngineEvent, { kind: Kind }> => event.kind === kind);
}

function firmIn(events: readonly EngineEvent[]) {
  return ofKind(events, "digit").filter(({ event }) => event.status === "firm");
}

async function say(...digits: number[]): Promise<Float32Array> {
  return resample(await sayDigits(digits, 600), { sourceRate: 8000, targetRate: SAMPLE_RATE });
}

describe("LiveSession", () => {
  it("tells the level and the spectrogram of what it hears, and each digit once, in order", async () => {
    const events = await hear(await say(7, 3, 3));
    const levels = ofKind(events, "level");
    expect(levels[0]!.levelDb).toBe(-100);
    expect(Math.max(...levels.map(({ levelDb }) => levelDb))).toBeGreaterThan(-40);
    const nValues = ofKind(events, "columns").reduce((sum, { columns }) => sum + columns.length, 0);
    const { nMels, hopMs } = summarise(classifier).streamAxes;
    // The end of a stream is heard as if silence followed.
    const addedMs = (nValues / nMels) * hopMs - levels.at(-1)!.durationMs;
    expect(addedMs).toBeGreaterThanOrEqual(0);
    expect(addedMs).toBeLessThan(1000);
    const digits = firmIn(events);
    expect(digits.map(({ event }) => event.digit)).toEqual([7, 3, 3]);
    for (const { prediction, event } of digits) {
      expect(prediction?.digit).toBe(event.digit);
      expect(prediction).toMatchObject({ none: null, confidence: expect.any(Number) });
      expect(prediction?.probs).toHaveLength(10);
    }
  });

  it("keeps its sound, in which each digit lies where it was said", async () => {
    const spoken = await say(7, 3);
    const { events, session } = await hearAll(spoken);
    const { clip, offsetMs } = session.sound;
    expect(offsetMs).toBe(0);
    expect(clip.samples.length / clip.sampleRate).toBeCloseTo(spoken.length / SAMPLE_RATE, 1);
    for (const { startMs, endMs } of firmIn(events).map(({ event }) => event)) {
      const kept = clip.samples.subarray(
        (startMs / 1000) * clip.sampleRate,
        (endMs / 1000) * clip.sampleRate,
      );
      const expected = spoken.subarray((startMs / 1000) * SAMPLE_RATE, (endMs / 1000) * SAMPLE_RATE);
      expect(rms(kept)).toBeCloseTo(rms(expected), 2);
    }
  });

  it("tells of a digit that was not certain yet when it was stopped", async () => {
    const spoken = await say(7);
    const cut = spoken.subarray(0, spoken.length - 0.55 * SAMPLE_RATE);
    expect(firmIn(await hear(cut)).map(({ event }) => event.digit)).toEqual([7]);
  });

  it("hears nothing in silence", async () => {
    expect(ofKind(await hear(new Float32Array(2 * SAMPLE_RATE)), "digit")).toEqual([]);
  });

  it("says so when the microphone gives something that is no sound", async () => {
    const failures = ofKind(await hear(new Float32Array(CHUNK).fill(Number.NaN)), "failure");
    expect(failures[0]!.failure.code).toBe("audio-non-finite");
  });
});

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
