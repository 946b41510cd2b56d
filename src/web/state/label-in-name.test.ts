import { describe, expect, it } from "vitest";
import { labelInName } from "./label-in-name.ts";

describe("labelInName", () => {
  it.each([
    ["7_theo_0.wav", 7],
    ["recordings/0_ann_12.mp3", 0],
    ["seven/0a7c2a8d_nohash_0.wav", 7],
    ["data/Zero/a.wav", 0],
    ["digits/4/x.wav", 4],
  ])("finds the digit of %s", (path, label) => {
    expect(labelInName(path)).toBe(label);
  });

  it.each(["20240101_120000.wav", "seven.wav", "folder/memo.wav", "17_x.wav"])("finds none in %s", (path) => {
    expect(labelInName(path)).toBeNull();
  });
});
