import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { type Clip, cleanRecordings } from "./clean-recordings.ts";
import { readFsdd } from "./fsdd.ts";
import { loadSamples } from "./load-samples.ts";
import type { Recording } from "./recording.ts";

function makeClip(path: string, samples: Float32Array, recording: Partial<Recording> = {}): Clip {
  return { recording: { path, label: 1, speaker: "a", corpus: "test", ...recording }, samples };
}

/** A second of noise with a burst in the middle for a word. Levels are RMS of full scale. */
function makeWord(seed: number, options: { wordDb: number; noiseDb: number }): Float32Array {
  const random = createRandom(seed);
  const gainAt = (i: number) => 10 ** ((i > 2800 && i < 5200 ? options.wordDb : options.noiseDb) / 20);
  return Float32Array.from({ length: 8000 }, (_, i) => gainAt(i) * random.normal());
}

const clear = { wordDb: -25, noiseDb: -60 };

describe("cleanRecordings", () => {
  it("keeps clear words, also quiet ones, in their order", () => {
    const clips = [
      makeClip("b", makeWord(1, clear)),
      makeClip("a", makeWord(2, { wordDb: -58, noiseDb: -72 })),
      makeClip("c", makeWord(3, { wordDb: -30, noiseDb: -38 })),
    ];
    expect(cleanRecordings(clips)).toEqual({
      kept: clips,
      dropped: [],
      counts: { "near-silent": 0, steady: 0, duplicate: 0, contradicting: 0 },
    });
  });

  it.each([
    ["digital silence", { wordDb: -300, noiseDb: -300 }, "near-silent"],
    ["a word below the last bits", { wordDb: -68, noiseDb: -90 }, "near-silent"],
    ["quiet noise without a word", { wordDb: -50, noiseDb: -52 }, "near-silent"],
    ["loud noise without a word", { wordDb: -20, noiseDb: -20 }, "steady"],
  ])("drops %s", (_title, levels, reason) => {
    const clip = makeClip("a", makeWord(1, levels));
    const { kept, dropped } = cleanRecordings([clip]);
    expect(kept).toEqual([]);
    expect(dropped).toEqual([{ recording: clip.recording, reason }]);
  });

  it("keeps a quiet clip cut close around its word, of which nothing but the word is left", () => {
    const random = createRandom(1);
    const word = Float32Array.from(
      { length: 3000 },
      (_, i) => 0.005 * Math.sin((Math.PI * i) / 3000) * random.normal(),
    );
    expect(cleanRecordings([makeClip("a", word)]).kept).toHaveLength(1);
  });

  it("keeps the copy whose path sorts first, whatever the order", () => {
    const clips = ["c", "a", "b"].map((path) => makeClip(path, makeWord(1, clear)));
    const { kept, dropped } = cleanRecordings(clips);
    expect(kept.map(({ recording }) => recording.path)).toEqual(["a"]);
    expect(dropped).toEqual([
      { recording: clips[0]!.recording, reason: "duplicate", copies: ["a", "b"] },
      { recording: clips[2]!.recording, reason: "duplicate", copies: ["a", "c"] },
    ]);
  });

  it("drops all copies when their labels or words disagree", () => {
    const samples = makeWord(1, clear);
    const other = makeWord(2, clear);
    const clips = [
      makeClip("a", samples, { label: 1 }),
      makeClip("b", samples, { label: 9 }),
      makeClip("c", other, { label: "none", word: "cat" }),
      makeClip("d", other, { label: "none", word: "bird" }),
    ];
    const { kept, counts } = cleanRecordings(clips);
    expect(kept).toEqual([]);
    expect(counts).toEqual({ "near-silent": 0, steady: 0, duplicate: 0, contradicting: 4 });
  });

  it("does not take two silent clips for copies", () => {
    const clips = ["a", "b"].map((path) => makeClip(path, new Float32Array(8000)));
    expect(cleanRecordings(clips).counts).toMatchObject({ "near-silent": 2, duplicate: 0 });
  });

  it("finds nothing to do in no clips", () => {
    expect(cleanRecordings([]).kept).toEqual([]);
  });
});

describe.skipIf(!process.env.SPOKEN_DIGITS_DATA)("FSDD in SPOKEN_DIGITS_DATA", () => {
  it("has nothing to drop, quiet as some of its speakers are", async () => {
    const recordings = await readFsdd(process.env.SPOKEN_DIGITS_DATA!);
    const samples = await loadSamples(recordings);
    const { dropped } = cleanRecordings(
      recordings.map((recording, i) => ({ recording, samples: samples[i]! })),
    );
    expect(dropped).toEqual([]);
  });
});
