// The front end, as part of the graph: windows of samples to log-mel spectrograms. The short-time Fourier transform is
// a convolution with the windowed cosines and sines, which onnxruntime runs faster than its own STFT operation.

import type { Graph } from "../graph/graph.ts";
import { conv1d } from "../graph/ops/conv.ts";
import { add, div, log, max, mul, sqrt } from "../graph/ops/elementwise.ts";
import { matMul } from "../graph/ops/linear.ts";
import { reduceSumSquare } from "../graph/ops/reduce.ts";
import { gather, reshape } from "../graph/ops/shape.ts";
import type { Value } from "../graph/value.ts";
import { melFilterBank } from "./mel-filter-bank.ts";

/** Samples per second that every model here works at, in Hz. */
export const SAMPLE_RATE = 8000;

/** Length of the window that a model looks at, in samples (1.024 s). */
export const WINDOW_SAMPLES = 8192;

/** Added to mel power before its logarithm: 30 dB below white noise of the window's own level. */
export const MEL_FLOOR = 1e-3;

/** Windows quieter than this RMS are not raised to full level. Full scale is 1. */
export const MIN_RMS = 1e-6;

/** How a spectrogram is taken. Lengths are in samples. */
export type LogMelOptions = {
  /** Transform length; bins are SAMPLE_RATE / nFft apart. */
  nFft: number;
  /** Length of the Hann window, <= nFft. */
  winLength: number;
  /** From one frame to the next; WINDOW_SAMPLES / hopLength frames cover a window. */
  hopLength: number;
  /** Mel bands. */
  nMels: number;
  /** Lower edge of the lowest band in Hz. */
  fMin: number;
  /** Upper edge of the highest band in Hz. */
  fMax: number;
};

/** Number of frames. @param options Their spacing. @param length Of the window in samples. Default: WINDOW_SAMPLES. */
export function frameCount(
  { hopLength }: Pick<LogMelOptions, "hopLength">,
  length: number = WINDOW_SAMPLES,
): number {
  return length / hopLength;
}

/** Filter banks to choose from and, per example, which one: [B], int32. */
export type LogMelWarp = { factors: readonly number[]; index: Value };

/**
 * Log-mel spectrogram of level-normalised windows: log(mel power + MEL_FLOOR) after division by the RMS.
 *
 * @param windows [B, length], a known multiple of hopLength.
 * @param options See {@link LogMelOptions}.
 * @param warp Default: the plain bank.
 * @returns [B, nMels, nFrames]; frame t is centred on sample (t + 1/2) hopLength.
 */
export function logMel(windows: Value, options: LogMelOptions, warp?: LogMelWarp): Value {
  return logMelAtLevel(normaliseLevel(windows), options, warp);
}

/**
 * As {@link logMelAtLevel}, through several filter banks.
 *
 * @param windows [B, length], a known multiple of hopLength; see `normaliseLevel`.
 * @param options See {@link LogMelOptions}.
 * @param warps Of each bank, [V]; see `MelFilterBankOptions`.
 * @returns [B, V, nMels, nFrames].
 */
export function logMelsThroughWarps(windows: Value, options: LogMelOptions, warps: readonly number[]): Value {
  const { graph } = windows;
  const nBins = options.nFft / 2 + 1;
  const banks = graph.constant(
    stackedBanks(options, warps),
    [warps.length * options.nMels, nBins],
    "mel_filter_bank",
  );
  const mels = matMul(banks, powerSpectrogram(windows, options)); // [B, V F, T]
  const length = Number(windows.shape[1]);
  const shape = [windows.shape[0]!, warps.length, options.nMels, frameCount(options, length)];
  return reshape(log(add(mels, graph.scalar(MEL_FLOOR))), shape);
}

/**
 * Log-mel spectrogram of samples as they are: log(mel power + MEL_FLOOR).
 *
 * @param windows [B, length], a known multiple of hopLength; see `normaliseLevel`.
 * @param options See {@link LogMelOptions}.
 * @param warp Default: the plain bank.
 * @returns [B, nMels, nFrames]; frame t is centred on sample (t + 1/2) hopLength.
 */
export function logMelAtLevel(windows: Value, options: LogMelOptions, warp?: LogMelWarp): Value {
  return floorAndLog(melPower(windows, options, warp));
}

/**
 * Mel power spectrogram of samples as they are.
 *
 * @param windows [B, length], a multiple of hopLength; its length may be a name where `isPadded` is false.
 * @param options See {@link LogMelOptions}; `isPadded`: zeros around the samples, so that there are length / hopLength frames.
 * Default: true.
 * @param warp Default: the plain bank.
 * @returns [B, nMels, nFrames].
 */
export function melPower(
  windows: Value,
  options: LogMelOptions & { isPadded?: boolean },
  warp?: LogMelWarp,
): Value {
  const { graph } = windows;
  const power = powerSpectrogram(windows, options); // [B, nFft/2+1, T]
  const bank = warp ? chosenBank(graph, options, warp) : plainBank(graph, options); // [F, bins] or [B, F, bins]
  return matMul(bank, power); // [B, F, T]
}

/** log(power + MEL_FLOOR). @param power Of mel bands, after division by the level. */
export function floorAndLog(power: Value): Value {
  return log(add(power, power.graph.scalar(MEL_FLOOR)));
}

/** Windows divided by their RMS; near silence stays near silence. @param windows [B, length], length known. */
export function normaliseLevel(windows: Value): Value {
  const { graph } = windows;
  const meanSquare = mul(
    reduceSumSquare(windows, { axes: [1], keepDims: true }),
    graph.scalar(1 / Number(windows.shape[1])),
  );
  return div(windows, max(sqrt(meanSquare), graph.scalar(MIN_RMS)));
}

function powerSpectrogram(windows: Value, options: LogMelOptions & { isPadded?: boolean }): Value {
  const { graph } = windows;
  const { nFft, winLength, hopLength, isPadded = true } = options;
  const [batch, length] = windows.shape;
  const nBins = nFft / 2 + 1;
  const line = reshape(windows, [batch!, 1, length!]);
  const padding = isPadded ? (winLength - hopLength) / 2 : 0;
  const parts = conv1d(line, dftBasis(graph, options), { stride: hopLength, padding }); // [B, 2 bins, T]
  return reduceSumSquare(reshape(parts, [batch!, 2, nBins, parts.shape[2]!]), { axes: [1] });
}

/**
 * Cosines, then sines, of every bin under a Hann window of unit energy, so that white noise of power 1 has power 1
 * in each bin: [2 (nFft / 2 + 1), 1, winLength]. Looked up in a table of one turn when the model is loaded, which keeps
 * a quarter of a megabyte out of the file.
 */
function dftBasis(graph: Graph, { nFft, winLength }: LogMelOptions): Value {
  const nBins = nFft / 2 + 1;
  const bins = graph.integers([...range(nBins), ...range(nBins)], [2 * nBins, 1, 1]);
  const quarter = graph.integers(
    [...range(nBins).fill(0), ...range(nBins).fill((3 * nFft) / 4)],
    [2 * nBins, 1, 1],
  );
  const shape = [2 * nBins, 1, winLength];
  const whole = (opType: string, a: Value, b: Value) =>
    graph.add(opType, [a, b], [{ type: "int64", shape }])[0]!;
  const turns = whole(
    "Add",
    whole("Mul", bins, graph.integers(range(winLength), [1, 1, winLength])),
    quarter,
  );
  const turn = graph.constant(Float32Array.from(range(nFft), (i) => Math.cos((2 * Math.PI * i) / nFft)));
  const waves = gather(turn, whole("Mod", turns, graph.integers([nFft])));
  return mul(waves, graph.constant(unitHann(winLength)));
}

function unitHann(length: number): Float32Array {
  const hann = range(length).map((n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));
  const energy = hann.reduce((sum, weight) => sum + weight * weight, 0);
  return Float32Array.from(hann, (weight) => weight / Math.sqrt(energy));
}

const range = (length: number) => Array.from({ length }, (_, i) => i);

function plainBank(graph: Graph, options: LogMelOptions): Value {
  const bank = melFilterBank({ ...options, sampleRate: SAMPLE_RATE });
  return graph.constant(bank, [options.nMels, options.nFft / 2 + 1], "mel_filter_bank");
}

function chosenBank(graph: Graph, options: LogMelOptions, warp: LogMelWarp): Value {
  const shape = [warp.factors.length, options.nMels, options.nFft / 2 + 1];
  const banks = graph.constant(stackedBanks(options, warp.factors), shape, "mel_filter_banks");
  return gather(banks, warp.index);
}

function stackedBanks(options: LogMelOptions, warps: readonly number[]): Float32Array {
  const size = options.nMels * (options.nFft / 2 + 1);
  const banks = new Float32Array(warps.length * size);
  warps.forEach((warp, i) => {
    banks.set(melFilterBank({ ...options, sampleRate: SAMPLE_RATE, warp }), i * size);
  });
  return banks;
}
