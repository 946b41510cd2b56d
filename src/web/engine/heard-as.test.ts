import { expect, test } from "vitest";
import type { Prediction } from "../../model/prediction.ts";
import { heardAs } from "./heard-as.ts";

function seenAs(probs: Record<number, number>, noneProb: number): Prediction {
  const all = Array.from({ length: 10 }, (_, digit) => probs[digit] ?? 0);
  const topDigit = all.indexOf(Math.max(...all));
  const logMel = { data: new Float32Array(1), nMels: 1, nFrames: 1 };
  const decided = { digit: null, confidence: all[topDigit]!, topDigit, none: "uncertain" as const };
  return { ...decided, probs: all, noneProb, logMel, ms: 1 };
}

const sum = ({ probs, noneProb }: Prediction) => probs.reduce((total, p) => total + p, noneProb);

test("the stream says which digit and what else it might be, the classifier what it looks like", () => {
  const seen = seenAs({ 5: 0.5, 9: 0.3 }, 0.2);
  const rivals = [{ digit: 5, confidence: 0.08 }];
  const heard = heardAs(seen, { digit: 9, confidence: 0.86, rivals });
  expect(heard).toMatchObject({
    digit: 9,
    topDigit: 9,
    confidence: 0.86,
    none: null,
    ms: 1,
    logMel: seen.logMel,
  });
  expect(heard.probs).toEqual([0, 0, 0, 0, 0, 0.08, 0, 0, 0, 0.86]);
  expect(heard.noneProb).toBeCloseTo(0.06, 9);
  expect(sum(heard)).toBeCloseTo(1, 9);
});

test("leaves nothing for none where the digits have all", () => {
  const heard = heardAs(seenAs({ 4: 1 }, 0), { digit: 4, confidence: 1, rivals: [] });
  expect(heard.noneProb).toBe(0);
});
