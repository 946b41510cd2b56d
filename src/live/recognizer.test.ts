import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../audio/decode-audio.ts";
import { resample } from "../audio/resample.ts";
import { AudioFormatError, InvalidArgumentError } from "../errors.ts";
import { loadStreamModel } from "../load-models.ts";
import type { LiveDigitEvent } from "./digit-event.ts";
import { createRecognizer } from "./recognizer.ts";
import type { StreamModel } from "./stream-model.ts";
import { OUTPUT_COUNT } from "./stream-net.ts";
import { transcribe } from "./transcribe.ts";

const SAMPLE_RATE = 8000;
let model: StreamModel;
let stream: Float32Array;

beforeAll(async () => {
  model = await loadStreamModel();
  stream = await spoken([3, 1, 7]);
});
afterAll(() => model.release());

/** The bundled recordings of some digits, with pauses of 0.4 s around them. */
async function spoken(digits: readonly number[]): Promise<Float32Array> {
  const pause = new Float32Array(0.4 * SAMPLE_RATE);
  const parts: Float32Array[] = [pause];
  for (const digit of digits) {
    const bytes = await readFile(new URL(`../../fixtures/samples/${digit}.wav`, import.meta.url));
    parts.push((await decodeAudio(bytes)).samples, pause);
  }
  return joined(parts);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}

async function inChunks(
  samples: Float32Array,
  length: number,
  sampleRate = SAMPLE_RATE,
): Promise<LiveDigitEvent[]> {
  const recognizer = createRecognizer(model, { sampleRate });
  const answers: Promise<LiveDigitEvent[]>[] = [];
  for (let start = 0; start < samples.length; start += length) {
    answers.push(recognizer.push(samples.subarray(start, start + length)));
  }
  return [...(await Promise.all(answers)).flat(), ...(await recognizer.end())];
}

/** A model that answers the first samples with likeliest states, whatever they are. */
function scripted(states: readonly number[]): StreamModel {
  const frames = states.map((likeliest) => ({
    logProbs: new Float32Array(OUTPUT_COUNT).map((_, state) => Math.log(state === likeliest ? 1 : 1e-6)),
    levelDb: likeliest === 0 ? -60 : -20,
  }));
  return { ...model, openFrames: () => ({ push: async () => frames.splice(0), end: async () => [] }) };
}

describe("createRecognizer", () => {
  it("passes over a digit that would end before the stream begins", async () => {
    const heard = async (states: readonly number[]) => {
      const recognizer = createRecognizer(scripted(states), { sampleRate: SAMPLE_RATE, expect: "digits" });
      return [...(await recognizer.push(new Float32Array(8000))), ...(await recognizer.end())];
    };
    const [zero, none] = [[1, 2, 3], Array<number>(12).fill(0)];
    expect(await heard([...zero, ...none])).toEqual([]);
    const [event, ...others] = await heard([0, 0, 0, 0, ...zero, ...none]);
    expect(event).toMatchObject({ digit: 0, startMs: 8, endMs: 104 });
    expect(others).toEqual([]);
  });

  it("hears each digit of a voice that said none in training, alone, in a row and twice", async () => {
    const heard = async (digits: readonly number[]) =>
      (await inChunks(await spoken(digits), 800)).map(({ digit }) => digit);
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    for (const digit of all) expect(await heard([digit])).toEqual([digit]);
    expect(await heard([...all, 3, 3, 8, 8])).toEqual([...all, 3, 3, 8, 8]);
  });

  it("hears three digits in their order, each once, about where they are", async () => {
    const events = await inChunks(stream, 800);
    expect(events.map(({ digit }) => digit)).toEqual([3, 1, 7]);
    let earlier = 0;
    for (const { startMs, endMs, confidence } of events) {
      expect(startMs).toBeGreaterThanOrEqual(earlier);
      expect(endMs - startMs).toBeGreaterThan(100);
      expect(endMs - startMs).toBeLessThan(1000);
      expect(confidence).toBeGreaterThan(0.4);
      expect(confidence).toBeLessThanOrEqual(1);
      earlier = endMs;
    }
    expect(earlier).toBeLessThanOrEqual((1000 * stream.length) / SAMPLE_RATE);
  });

  it.each([1, 128, 4800])(
    "gives the same events in chunks of %i samples as for all at once",
    async (length) => {
      expect(await inChunks(stream, length)).toEqual(await inChunks(stream, stream.length));
    },
  );

  it("hears the same digits at another sample rate, in chunks of any size", async () => {
    const atHighRate = resample(stream, { sourceRate: SAMPLE_RATE, targetRate: 44_100 });
    const events = await inChunks(atHighRate, 441, 44_100);
    expect(events.map(({ digit }) => digit)).toEqual([3, 1, 7]);
    expect(await inChunks(atHighRate, 10_000, 44_100)).toEqual(events);
  });

  it("gives what transcribe gives for the whole recording", async () => {
    const progress: [number, number][] = [];
    const { events, digits } = await transcribe(model, stream, {
      sampleRate: SAMPLE_RATE,
      onProgress: (doneMs, totalMs) => progress.push([doneMs, totalMs]),
    });
    const live = await inChunks(stream, 128);
    expect(events).toEqual(live.map(({ id, status, ...event }) => event));
    expect(live.map(({ id, status }) => [id, status])).toEqual([
      [0, "firm"],
      [1, "firm"],
      [2, "firm"],
    ]);
    expect(digits).toBe("317");
    const totalMs = (1000 * stream.length) / SAMPLE_RATE;
    expect(progress).toHaveLength(Math.ceil(totalMs / 1000));
    expect(progress[0]).toEqual([1000, totalMs]);
    expect(progress.at(-1)).toEqual([totalMs, totalMs]);
  });

  it("hears nothing in digital silence, and nothing without samples", async () => {
    expect(await inChunks(new Float32Array(10 * SAMPLE_RATE), 4000)).toEqual([]);
    expect(await createRecognizer(model, { sampleRate: SAMPLE_RATE }).end()).toEqual([]);
  });

  it("keeps to the threshold it is given", async () => {
    const { events } = await transcribe(model, stream, { sampleRate: SAMPLE_RATE, threshold: 1 });
    expect(events).toEqual([]);
  });

  it("serves several streams at a time", async () => {
    const [one, other] = await Promise.all([inChunks(stream, 500), inChunks(await spoken([9, 4]), 333)]);
    expect(one.map(({ digit }) => digit)).toEqual([3, 1, 7]);
    expect(other.map(({ digit }) => digit)).toEqual([9, 4]);
  });

  it("refuses samples that are not finite, and goes on with the next", async () => {
    const recognizer = createRecognizer(model, { sampleRate: SAMPLE_RATE });
    await expect(recognizer.push(Float32Array.of(0, Number.NaN))).rejects.toThrow(
      new AudioFormatError("audio-non-finite", "recognizer: sample 1 is NaN"),
    );
    // Finite, but its square is not.
    await expect(recognizer.push(Float32Array.of(1e38))).rejects.toMatchObject({ code: "audio-damaged" });
    const events = [...(await recognizer.push(stream)), ...(await recognizer.end())];
    expect(events.map(({ digit }) => digit)).toEqual([3, 1, 7]);
  });

  it("refuses to go on after the end", async () => {
    const recognizer = createRecognizer(model, { sampleRate: SAMPLE_RATE });
    await recognizer.end();
    await expect(recognizer.push(stream)).rejects.toThrow(InvalidArgumentError);
    await expect(recognizer.end()).rejects.toThrow(InvalidArgumentError);
  });

  it.each(["digits", "numbers"] as const)(
    "hears them expecting %s, of a known length or not",
    async (expect_) => {
      for (const length of [undefined, 3, "1-2"]) {
        const { digits } = await transcribe(model, stream, {
          sampleRate: SAMPLE_RATE,
          expect: expect_,
          length,
        });
        expect(digits).toBe("317");
      }
    },
  );

  it("mentions digits before they are certain where that is asked for, and settles each of them", async () => {
    const recognizer = createRecognizer(model, {
      sampleRate: SAMPLE_RATE,
      expect: "numbers",
      tentative: true,
    });
    const events: LiveDigitEvent[] = [];
    for (let start = 0; start < stream.length; start += 160) {
      events.push(...(await recognizer.push(stream.subarray(start, start + 160))));
    }
    events.push(...(await recognizer.end()));
    const firm = events.filter(({ status }) => status === "firm");
    expect(firm.map(({ digit }) => digit)).toEqual([3, 1, 7]);
    const first = events.findIndex(({ status }) => status === "tentative");
    expect(first).toBeLessThan(events.findIndex(({ status }) => status === "firm"));
    for (const { id } of events) {
      const story = events.filter((event) => event.id === id).map(({ status }) => status);
      expect(["tentative,firm", "tentative,withdrawn", "firm"]).toContain(story.join());
    }
  });

  it("refuses what it cannot expect, and lengths that are none", () => {
    const refused = { expect: "letters", length: undefined } as unknown as { expect: "any" };
    expect(() => createRecognizer(model, { sampleRate: SAMPLE_RATE, ...refused })).toThrow(
      InvalidArgumentError,
    );
    for (const length of ["", "0", "3--4", "40", "3-0", -1, 2.5]) {
      expect(() => createRecognizer(model, { sampleRate: SAMPLE_RATE, length })).toThrow(
        InvalidArgumentError,
      );
    }
  });

  it("refuses a threshold or rate out of range", () => {
    expect(() => createRecognizer(model, { sampleRate: SAMPLE_RATE, threshold: 1.5 })).toThrow(
      InvalidArgumentError,
    );
    expect(() => createRecognizer(model, { sampleRate: 0 })).toThrow(InvalidArgumentError);
  });
});
