// What a net in training hears in whole recordings: window by window, as it is trained.

import { Graph } from "../../graph/graph.ts";
import { logSoftmax } from "../../graph/ops/reduce.ts";
import type { OnnxRuntime } from "../../graph/program.ts";
import { compile } from "../../graph/program.ts";
import {
  ANSWER_SHIFT,
  buildStreamNet,
  OUTPUT_COUNT,
  STATE_HOP,
  STREAM_LOG_MEL,
  STREAM_WINDOW,
} from "../../live/stream-net.ts";
import { netInput } from "../../model/architectures.ts";
import { inferenceLayers } from "../../model/inference-layers.ts";
import type { Weights } from "../../model/layers.ts";
import { logMelAtLevel, normaliseLevel } from "../../model/log-mel.ts";
import { framesWithContext } from "./stream-targets.ts";

/** Hears recordings. */
export type FrameScorer = {
  /**
   * @param samples Mono, 8 kHz, any length.
   * @returns For each frame of STATE_HOP samples, from the first sample on, the logarithms of the states' probabilities,
   *   [OUTPUT_COUNT]; silence follows the end.
   */
  score(samples: Float32Array): Promise<Float32Array[]>;
  release(): Promise<void>;
};

const BATCH = 8;

/** Prepares a scorer. @param ort The runtime. @param weights Of the net. */
export async function createFrameScorer(ort: OnnxRuntime, weights: Weights): Promise<FrameScorer> {
  const program = await compile(ort, buildScoringNet(weights));
  const { first, end } = framesWithContext(STREAM_WINDOW);
  const kept = end - first;
  const windowFrames = STREAM_WINDOW / STATE_HOP;
  const batch = new Float32Array(BATCH * STREAM_WINDOW);
  return {
    async score(samples) {
      const count = Math.ceil(samples.length / STATE_HOP);
      const frames: Float32Array[] = [];
      while (frames.length < count) {
        for (let row = 0; row < BATCH; row++) {
          const start = (frames.length + row * kept - first - ANSWER_SHIFT) * STATE_HOP;
          copyInto(samples, start, batch.subarray(row * STREAM_WINDOW, (row + 1) * STREAM_WINDOW));
        }
        const { log_probs } = await program.run({ samples: batch });
        for (let row = 0; row < BATCH; row++) {
          for (let frame = row * windowFrames + first; frame < row * windowFrames + end; frame++) {
            frames.push((log_probs as Float32Array).slice(frame * OUTPUT_COUNT, (frame + 1) * OUTPUT_COUNT));
          }
        }
      }
      return frames.slice(0, count);
    },
    release: () => program.release(),
  };
}

function buildScoringNet(weights: Weights): Graph {
  const graph = new Graph();
  const windows = normaliseLevel(graph.input("samples", [BATCH, STREAM_WINDOW]));
  const spectrogram = logMelAtLevel(windows, STREAM_LOG_MEL);
  const logits = buildStreamNet(netInput(spectrogram), inferenceLayers(graph, weights));
  graph.output("log_probs", logSoftmax(logits));
  return graph;
}

/** A part of the recording, with silence where it has none. */
function copyInto(samples: Float32Array, start: number, out: Float32Array): void {
  out.fill(0);
  const from = Math.max(0, start);
  const part = samples.subarray(from, Math.max(from, start + out.length));
  if (from - start < out.length) out.set(part, from - start);
}
