import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import { patchSpeech } from "./word-parts.ts";

const random = createRandom(3);
const word = (length: number) => Float32Array.from({ length }, () => random.normal());

describe("patchSpeech", () => {
  it("joins three to six pieces, none of them longer than 180 ms or half of its word", () => {
    for (let key = 0; key < 50; key++) {
      let drawn = 0;
      const patched = patchSpeech(
        () => {
          drawn++;
          return { samples: word(4000), span: { start: 1000, end: 3000 } };
        },
        { random: createRandom(key), settings: DEFAULT_AUGMENTATION },
      );
      expect(drawn).toBeGreaterThanOrEqual(3);
      expect(drawn).toBeLessThanOrEqual(6);
      expect(patched.length).toBeLessThanOrEqual(drawn * 840);
      expect(patched.length).toBeGreaterThan(3 * 400 - 2 * 64 - 1);
      expect(patched.every(Number.isFinite)).toBe(true);
    }
  });

  it("takes pieces from where there is speech, all at one level", () => {
    const samples = word(4000).fill(0, 0, 1000).fill(0, 3000);
    const patched = patchSpeech(() => ({ samples, span: { start: 1000, end: 3000 } }), {
      random: createRandom(1),
      settings: DEFAULT_AUGMENTATION,
    });
    const silent = patched.filter((value) => value === 0).length;
    expect(silent).toBeLessThan(0.02 * patched.length);
  });

  it("takes words of a few samples", () => {
    const tiny = { samples: Float32Array.of(0.5, 0.1), span: { start: 0, end: 2 } };
    const patched = patchSpeech(() => tiny, { random: createRandom(2), settings: DEFAULT_AUGMENTATION });
    expect(patched.length).toBeGreaterThan(0);
    expect(patched.every(Number.isFinite)).toBe(true);
  });

  it("takes as many pieces, as long, as its settings say", () => {
    const settings = { patchPieces: [2, 2], patchPieceMs: [25, 25], patchPieceShare: 1 } as const;
    const draw = () => ({ samples: word(4000), span: { start: 1000, end: 3000 } });
    expect(patchSpeech(draw, { random: createRandom(1), settings })).toHaveLength(2 * 200 - 64);
  });
});
