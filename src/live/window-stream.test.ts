import { describe, expect, it } from "vitest";
import { createWindowStream } from "./window-stream.ts";

function windowsOf(samples: Float32Array, chunkLength: number): number[][] {
  const stream = createWindowStream({ length: 6, step: 2 });
  const windows: number[][] = [];
  for (let start = 0; start < samples.length; start += chunkLength) {
    const chunk = samples.subarray(start, start + chunkLength);
    for (let from = 0; from < chunk.length; ) {
      from += stream.take(chunk, from);
      if (stream.isComplete) windows.push([...stream.window]);
    }
  }
  return windows;
}

describe("createWindowStream", () => {
  it("gives windows on its grid, with zeros before the beginning, however the samples come", () => {
    const samples = Float32Array.from({ length: 9 }, (_, i) => i + 1);
    const wanted = [
      [0, 0, 0, 0, 1, 2],
      [0, 0, 1, 2, 3, 4],
      [1, 2, 3, 4, 5, 6],
      [3, 4, 5, 6, 7, 8],
    ];
    for (const chunkLength of [1, 2, 3, 5, 9]) expect(windowsOf(samples, chunkLength)).toEqual(wanted);
  });
});
