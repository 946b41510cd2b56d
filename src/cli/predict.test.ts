import { describe, expect, test } from "vitest";
import { widestOf } from "./output-format.ts";
import { eachFile } from "./predict.ts";

const NAMES = Array.from({ length: 300_000 }, (_, i) => `folder/${i}.wav`);

describe("three hundred thousand files", () => {
  test("are lined up by the longest name", () => {
    expect(widestOf(NAMES)).toBe("folder/299999.wav".length);
    expect(widestOf([])).toBe(0);
  });

  test("are worked on in their order, a few at a time", async () => {
    let nOpen = 0;
    let mostOpen = 0;
    const work = async (file: string) => {
      mostOpen = Math.max(mostOpen, ++nOpen);
      await undefined;
      nOpen--;
      return file;
    };
    let next = 0;
    for await (const file of eachFile(NAMES, work)) if (file !== NAMES[next++]) break;
    expect(next).toBe(NAMES.length);
    expect(mostOpen).toBeLessThan(1000);
  });
});
