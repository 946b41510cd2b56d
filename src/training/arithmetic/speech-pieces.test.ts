import { describe, expect, it } from "vitest";
import type { Clips } from "../../corpus/dataset.ts";
import { createRandom } from "../../random.ts";
import { createSpeechPieces } from "./speech-pieces.ts";

/** 2 s whose samples tell their place; `words` are digits or not, with their times in ms. */
function clips(words?: [word: string, startMs: number, endMs: number][]): Clips {
  const samples = Float32Array.from({ length: 16_000 }, (_, i) => 1 + i);
  const timed = words?.map(([word, startMs, endMs]) => ({ word, startMs, endMs }));
  return { samples: [samples], labels: [10], speakers: [0], said: [{ corpus: "an4", words: timed }] };
}

const drawMany = (of: Clips, count = 300) => {
  const draw = createSpeechPieces(of)!;
  return Array.from({ length: count }, (_, i) => draw(createRandom(1, i)));
};

describe("createSpeechPieces", () => {
  it("cuts pieces of 0.1 to 1.5 s anywhere out of speech without a digit, and fades them", () => {
    const pieces = drawMany(clips());
    for (const piece of pieces) {
      expect(piece.length).toBeGreaterThanOrEqual(800);
      expect(piece.length).toBeLessThanOrEqual(12_000);
      expect(piece[0]!).toBeLessThan(piece[40]!);
      expect(piece.at(-1)!).toBeLessThan(piece.at(-40)!);
    }
    const places = pieces.map((piece) => piece[40]!);
    expect(Math.min(...places)).toBeLessThan(2000);
    expect(Math.max(...places)).toBeGreaterThan(10_000);
  });

  it("never reaches into a digit", () => {
    const pieces = drawMany(
      clips([
        ["enter", 0, 600],
        ["six", 700, 1000],
        ["rubout", 1100, 1700],
      ]),
    );
    const touches = (piece: Float32Array) =>
      piece.subarray(40, -40).some((value) => value > 8 * 700 && value < 8 * 1000);
    expect(pieces.some(touches)).toBe(false);
    expect(pieces.some((piece) => piece[40]! > 8000)).toBe(true);
    expect(pieces.some((piece) => piece[40]! < 5600)).toBe(true);
  });

  it("cuts words out by their tables, letters as often as all others, and nothing of their neighbours", () => {
    const pieces = drawMany(
      clips([
        ["b", 300, 500],
        ["six", 500, 800],
        ["enter", 900, 1300],
        ["rubout", 1330, 1600],
      ]),
    );
    // In samples, which tell their place; what is faded does not.
    const isWord = (startMs: number, endMs: number) => (piece: Float32Array) => {
      const [first, last] = [piece[40]! - 41, piece.at(-41)! + 40];
      const near = (at: number, ms: number) => Math.abs(at - 8 * ms) <= 8 * 40 + 1;
      return near(first, startMs) && near(last, endMs) && first >= 0;
    };
    const [letters, words] = [
      pieces.filter(isWord(300, 500)),
      [...pieces.filter(isWord(900, 1300)), ...pieces.filter(isWord(1330, 1600))],
    ];
    expect(letters.length).toBeGreaterThan(35);
    expect(words.length).toBeGreaterThan(35);
    expect(letters.every((piece) => piece.at(-41)! + 40 <= 8 * 500 + 1)).toBe(true);
  });

  it("begins and ends most of them where it is quiet", () => {
    const loud = new Float32Array(16_000).fill(0.5);
    for (let at = 0; at < 16_000; at += 800) loud.fill(0.001, at, at + 160);
    const pieces = drawMany({ samples: [loud], labels: [10], speakers: [0] });
    const quiet = pieces.filter((piece) => Math.abs(piece[35]!) < 0.01 && Math.abs(piece.at(-36)!) < 0.01);
    expect(quiet.length / pieces.length).toBeGreaterThan(0.5);
  });

  it("draws nothing where digits leave no room", () => {
    expect(
      createSpeechPieces(
        clips([
          ["one", 100, 1000],
          ["two", 1100, 1900],
        ]),
      ),
    ).toBeUndefined();
    expect(createSpeechPieces({ samples: [], labels: [], speakers: [] })).toBeUndefined();
  });
});
