// ISO/IEC 14496-3, 4.6.11: the inverse MDCT, windows and overlap. The transform by a complex one of a quarter of its
// length: P. Duhamel, Y. Mahieux and J. P. Petit, "A fast algorithm for the implementation of filter banks based on time
// domain aliasing cancellation" (1991).

import { besselI0 } from "../kaiser-window.ts";
import type { FrameShape } from "./aac-channel.ts";
import { InverseMdct } from "./inverse-mdct.ts";

const LENGTH = 1024;
const SHORT = 128;
// Short windows stand in the middle of a frame.
const EDGE = (LENGTH - SHORT) / 2;

const longWindows = [sineWindow(LENGTH), kaiserWindow(LENGTH, 4)];
const shortWindows = [sineWindow(SHORT), kaiserWindow(SHORT, 6)];
const longMdct = new InverseMdct(2 * LENGTH);
const shortMdct = new InverseMdct(2 * SHORT);

/** Turns the spectra of one channel into sound. */
export class AacFilterBank {
  #overlap = new Float32Array(LENGTH);
  #windowShape = 0;

  /**
   * @param spectrum 1024 values: of one window, or of eight one after the other.
   * @param shape Of the frame.
   * @returns 1024 samples on a 16-bit scale, divided by 32768.
   */
  synthesise(spectrum: Float32Array, { sequence, windowShape }: FrameShape): Float32Array {
    const windows = { before: this.#windowShape, after: windowShape };
    const frame = sequence === 2 ? shortFrame(spectrum, windows) : longFrame(spectrum, sequence, windows);
    this.#windowShape = windowShape;
    const samples = new Float32Array(LENGTH);
    for (let i = 0; i < LENGTH; i++) samples[i] = (frame[i]! + this.#overlap[i]!) / 32_768;
    this.#overlap = frame.slice(LENGTH);
    return samples;
  }
}

// The window's form on its left is that of the frame before.
type Windows = { before: number; after: number };

function longFrame(spectrum: Float32Array, sequence: number, { before, after }: Windows): Float32Array {
  const frame = longMdct.transform(spectrum);
  if (sequence === 3) riseShort(frame, shortWindows[before]!);
  else for (let i = 0; i < LENGTH; i++) frame[i]! *= longWindows[before]![i]!;
  if (sequence === 1) fallShort(frame, shortWindows[after]!);
  else for (let i = 0; i < LENGTH; i++) frame[LENGTH + i]! *= longWindows[after]![LENGTH - 1 - i]!;
  return frame;
}

function riseShort(frame: Float32Array, window: Float32Array): void {
  frame.fill(0, 0, EDGE);
  for (let i = 0; i < SHORT; i++) frame[EDGE + i]! *= window[i]!;
}

function fallShort(frame: Float32Array, window: Float32Array): void {
  for (let i = 0; i < SHORT; i++) frame[LENGTH + EDGE + i]! *= window[SHORT - 1 - i]!;
  frame.fill(0, LENGTH + EDGE + SHORT);
}

function shortFrame(spectrum: Float32Array, { before, after }: Windows): Float32Array {
  const frame = new Float32Array(2 * LENGTH);
  for (let w = 0; w < 8; w++) {
    const part = shortMdct.transform(spectrum.subarray(w * SHORT, (w + 1) * SHORT));
    const rise = shortWindows[w === 0 ? before : after]!;
    const fall = shortWindows[after]!;
    const start = EDGE + w * SHORT;
    for (let i = 0; i < SHORT; i++) {
      frame[start + i]! += part[i]! * rise[i]!;
      frame[start + SHORT + i]! += part[SHORT + i]! * fall[SHORT - 1 - i]!;
    }
  }
  return frame;
}

function sineWindow(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(((i + 0.5) * Math.PI) / (2 * length)));
}

function kaiserWindow(length: number, alpha: number): Float32Array {
  const kernel = Float64Array.from({ length: length + 1 }, (_, i) =>
    besselI0(Math.PI * alpha * Math.sqrt(1 - (2 * (i / length) - 1) ** 2)),
  );
  const total = kernel.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  return Float32Array.from({ length }, (_, i) => {
    sum += kernel[i]!;
    return Math.sqrt(sum / total);
  });
}
