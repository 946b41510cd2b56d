import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { Label, Recording } from "./recording.ts";
import { carveValidation, officialSplit, randomSplit, speakerFolds } from "./splits.ts";

const SPEAKERS = ["george", "jackson", "lucas", "nicolas", "theo", "yweweler"];

/** The recordings of the Free Spoken Digit Dataset, by name: 10 digits x 6 speakers x 50 takes. */
const FSDD = makeRecordings({ speakers: SPEAKERS, nTakes: 50 });

function makeRecordings({ speakers, nTakes }: { speakers: string[]; nTakes: number }): Recording[] {
  return speakers.flatMap((speaker) =>
    Array.from({ length: 10 * nTakes }, (_, i) => {
      const label = (i % 10) as Label;
      const take = Math.floor(i / 10);
      return { path: `recordings/${label}_${speaker}_${take}.wav`, label, speaker, corpus: "fsdd", take };
    }),
  );
}

function countBy(recordings: Recording[], key: (recording: Recording) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const recording of recordings) counts[key(recording)] = (counts[key(recording)] ?? 0) + 1;
  return counts;
}

const groupOf = (recording: Recording) => `${recording.label} ${recording.speaker}`;
const paths = (recordings: readonly Recording[]) => recordings.map((recording) => recording.path).sort();

function expectPartition(all: readonly Recording[], parts: readonly Recording[][]): void {
  expect(paths(parts.flat())).toEqual(paths(all));
}

describe("officialSplit", () => {
  it("puts takes 0-4 of each digit and speaker into the test part: 300 of 3000", () => {
    const { train, test } = officialSplit(FSDD);
    expectPartition(FSDD, [train, test]);
    expect(test).toHaveLength(300);
    expect(new Set(test.map((recording) => recording.take))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(Math.min(...train.map((recording) => recording.take!))).toBe(5);
    expect(new Set(Object.values(countBy(test, groupOf)))).toEqual(new Set([5]));
  });

  it("rejects recordings without a take, naming one", () => {
    const recordings = [{ path: "a/b.wav", label: 1, speaker: "s", corpus: "own" }] as Recording[];
    expect(() => officialSplit(recordings)).toThrow(/a\/b\.wav/);
    expect(() => officialSplit(recordings)).toThrow(InvalidArgumentError);
  });

  it("rejects recordings that are all of one part", () => {
    expect(() => officialSplit(makeRecordings({ speakers: ["theo"], nTakes: 5 }))).toThrow(
      InvalidArgumentError,
    );
    expect(() => officialSplit([])).toThrow(InvalidArgumentError);
  });
});

describe("randomSplit", () => {
  it("takes exactly 10 of 50 takes from each digit and speaker: 600 of 3000", () => {
    const { train, test } = randomSplit(FSDD, { seed: 7 });
    expectPartition(FSDD, [train, test]);
    expect(test).toHaveLength(600);
    expect(Object.values(countBy(test, groupOf))).toEqual(Array(60).fill(10));
  });

  it("draws what it drew when its figures were first published", () => {
    const { test } = randomSplit(FSDD, { seed: 0 });
    const digest = createHash("sha256").update(paths(test).join("\n")).digest("hex");
    expect(digest).toBe("e0b2e3c58edd2ee515fad0b3d2b0a5aa2d7bf74de37a1fd09bac44103a0a02c5");
  });

  it("does not depend on the order of the recordings", () => {
    const shuffled = createRandom(3).shuffle(FSDD);
    expect(paths(randomSplit(shuffled, { seed: 5 }).test)).toEqual(
      paths(randomSplit(FSDD, { seed: 5 }).test),
    );
  });

  it("keeps the order of the recordings in both parts", () => {
    const { train, test } = randomSplit(FSDD, { seed: 5 });
    const order = new Map(FSDD.map((recording, index) => [recording, index]));
    for (const part of [train, test]) {
      const indices = part.map((recording) => order.get(recording)!);
      expect(indices).toEqual([...indices].sort((a, b) => a - b));
    }
  });

  it("differs between seeds, by about what chance says", () => {
    const first = new Set(paths(randomSplit(FSDD, { seed: 1 }).test));
    const nShared = paths(randomSplit(FSDD, { seed: 2 }).test).filter((path) => first.has(path)).length;
    // 600 draws with probability 0.2 each: mean 120, standard deviation 8.8.
    expect(nShared).toBeGreaterThan(75);
    expect(nShared).toBeLessThan(165);
  });

  it("keeps speakers of one name in two corpora apart", () => {
    const other = makeRecordings({ speakers: ["theo"], nTakes: 10 }).map((recording) => ({
      ...recording,
      path: `other/${recording.path}`,
      corpus: "other",
    }));
    const { test } = randomSplit([...makeRecordings({ speakers: ["theo"], nTakes: 40 }), ...other], {
      seed: 1,
    });
    expect(countBy(test, (recording) => `${recording.corpus} ${recording.label}`)).toMatchObject({
      "fsdd 0": 8,
      "other 0": 2,
    });
  });

  it("rejects recordings too few to share", () => {
    expect(() => randomSplit(FSDD.slice(0, 1), { seed: 1 })).toThrow(/both/);
  });
});

describe("carveValidation", () => {
  const { train: official } = officialSplit(FSDD);

  it("takes 4 or 5 of the 45 training takes of each digit and speaker by default", () => {
    const { train, validation } = carveValidation(official, { seed: 0 });
    expectPartition(official, [train, validation]);
    expect(Math.abs(validation.length - 270)).toBeLessThanOrEqual(1);
    for (const count of Object.values(countBy(validation, groupOf))) expect([4, 5]).toContain(count);
    expect(Object.keys(countBy(validation, groupOf))).toHaveLength(60);
  });

  it("stays within one clip of the share in each group and as a whole, for many shares", () => {
    const recordings = makeRecordings({ speakers: ["a", "b", "c"], nTakes: 7 });
    for (const share of [0.05, 0.1, 0.29, 1 / 3, 0.5, 0.93]) {
      const { train, validation } = carveValidation(recordings, { seed: 11, share });
      expectPartition(recordings, [train, validation]);
      expect(Math.abs(validation.length - share * recordings.length)).toBeLessThanOrEqual(1);
      for (const group of new Set(recordings.map(groupOf))) {
        const nDrawn = countBy(validation, groupOf)[group] ?? 0;
        expect(Math.abs(nDrawn - share * 7)).toBeLessThan(1 + 1e-6);
      }
    }
  });

  it("gives each of many speakers with one clip of a word the same chance", () => {
    const speakers = Array.from({ length: 200 }, (_, i) => `speaker-${i}`);
    const recordings = makeRecordings({ speakers, nTakes: 1 });
    const { validation } = carveValidation(recordings, { seed: 4, share: 0.1 });
    expect(validation).toHaveLength(200);
    expect(Object.keys(countBy(validation, (recording) => recording.speaker)).length).toBeGreaterThan(100);
  });

  it("draws another part than randomSplit does with the same seed", () => {
    const carved = paths(carveValidation(FSDD, { seed: 3, share: 0.2 }).validation);
    expect(carved).not.toEqual(paths(randomSplit(FSDD, { seed: 3 }).test));
  });
});

describe("speakerFolds", () => {
  it("tests each speaker once, on all of that speaker's clips, trained on the others' alone", () => {
    const folds = speakerFolds(createRandom(1).shuffle(FSDD));
    expect(folds.map((fold) => fold.speaker)).toEqual(SPEAKERS);
    expectPartition(
      FSDD,
      folds.map((fold) => fold.test),
    );
    for (const { speaker, train, test } of folds) {
      expectPartition(FSDD, [train, test]);
      expect(test).toHaveLength(500);
      expect(train.some((recording) => recording.speaker === speaker)).toBe(false);
    }
  });

  it("rejects recordings of a single speaker", () => {
    expect(() => speakerFolds(makeRecordings({ speakers: ["theo"], nTakes: 2 }))).toThrow(
      /at least 2 speakers/,
    );
  });
});
