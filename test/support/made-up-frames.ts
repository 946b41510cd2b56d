import { OUTPUT_COUNT } from "../../src/live/stream-net.ts";

/** Frames of the stream net in which one state has most of the probability. @param runs States and for how many frames. */
export function madeUpFrames(...runs: [state: number, count: number][]): Float32Array[] {
  return runs.flatMap(([state, count]) =>
    Array.from({ length: count }, () => {
      const row = new Float32Array(OUTPUT_COUNT).fill(Math.log(0.2 / (OUTPUT_COUNT - 1)));
      row[state] = Math.log(0.8);
      return row;
    }),
  );
}
