// Samples in, the net's answers out: what it hears in each frame of a stream, whatever the chunks that the samples come in.

import { SILENCE_PEAK } from "../model/prediction.ts";
import { ANSWER_DELAY, FRAMES_PER_RUN } from "./build-stream-model.ts";
import { STATE_COUNT, STATE_HOP, STREAM_WINDOW } from "./stream-net.ts";
import { createWindowStream } from "./window-stream.ts";

/** The frames of one stream. Calls must wait for each other. */
export type FrameStream = {
  /**
   * @param samples The next samples, mono, at the model's rate.
   * @returns For each frame that became known the logarithms of the states' probabilities, [STATE_COUNT].
   */
  push(samples: Float32Array): Promise<Float32Array[]>;
  /** The stream is over, as if silence followed. @returns The frames up to its end. */
  end(): Promise<Float32Array[]>;
};

/** Sample of the stream at which its first frame begins; frames follow each other by STATE_HOP. */
export const FIRST_FRAME_START = FRAMES_PER_RUN * STATE_HOP - ANSWER_DELAY;

// In silence there is no need to ask the net.
const SILENT_ANSWER = new Float32Array(FRAMES_PER_RUN * STATE_COUNT).map((_, i) =>
  i % STATE_COUNT === 0 ? 0 : Math.log(1e-6),
);

/**
 * Begins a stream of frames.
 *
 * @param answer From a window, [STREAM_WINDOW], to the net's answer to it, [FRAMES_PER_RUN, STATE_COUNT].
 */
export function createFrameStream(answer: (window: Float32Array) => Promise<Float32Array>): FrameStream {
  const step = FRAMES_PER_RUN * STATE_HOP;
  const windows = createWindowStream({ length: STREAM_WINDOW, step });
  const push = async (samples: Float32Array): Promise<Float32Array[]> => {
    const frames: Float32Array[] = [];
    for (let from = 0; from < samples.length; ) {
      from += windows.take(samples, from);
      if (!windows.isComplete) break;
      const rows = isSilent(windows.window) ? SILENT_ANSWER : await answer(windows.window);
      for (let start = 0; start < rows.length; start += STATE_COUNT)
        frames.push(rows.slice(start, start + STATE_COUNT));
    }
    return frames;
  };
  return { push, end: () => push(new Float32Array(ANSWER_DELAY + step)) };
}

/** Nothing louder than one step of 16-bit audio. */
function isSilent(samples: Float32Array): boolean {
  for (let i = 0; i < samples.length; i++) if (Math.abs(samples[i]!) >= SILENCE_PEAK) return false;
  return true;
}
