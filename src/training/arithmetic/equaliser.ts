import { SAMPLE_RATE } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

/** Frequencies at which a gain is computed: 0 Hz, 31.25 Hz ... 4000 Hz. Between them it is interpolated. */
export const EQUALISER_POINTS = 129;

/** A zero-phase equaliser rings for at most this many samples before and after a click, but for a negligible rest. */
export const EQUALISER_REACH = 256;

const CONTROL_POINTS = 6;
const LOWEST_CONTROL_HZ = 100;
const STEP_HZ = SAMPLE_RATE / 2 / (EQUALISER_POINTS - 1);

/**
 * Draws the response of some microphone and channel: a smooth curve through control points that are evenly spaced in the
 * logarithm of the frequency, and two band edges.
 *
 * @param gains Filled, [EQUALISER_POINTS]: factors >= 0 for amplitudes.
 * @param options.settings Range of the control points in dB, ranges of the edges in Hz.
 */
export function drawEqualiserInto(
  gains: Float32Array,
  options: { settings: AugmentationSettings; random: Random },
): void {
  const { settings, random } = options;
  const most = settings.equaliserGainDb;
  const controlsDb = Array.from({ length: CONTROL_POINTS }, () => random.uniform(-most, most));
  const lowHz = random.uniform(...settings.lowEdgeHz);
  const highHz = random.uniform(...settings.highEdgeHz);
  for (let i = 0; i < EQUALISER_POINTS; i++) {
    const hz = i * STEP_HZ;
    gains[i] = 10 ** (smoothCurve(controlsDb, hz) / 20) * bandEdges(hz, lowHz, highHz);
  }
}

/** Curve through the control points, flat beyond the first and last, with half a cosine from each to the next. */
function smoothCurve(controls: number[], hz: number): number {
  const octaves = Math.log2(Math.max(hz, LOWEST_CONTROL_HZ) / LOWEST_CONTROL_HZ);
  const position = (octaves / Math.log2(SAMPLE_RATE / 2 / LOWEST_CONTROL_HZ)) * (CONTROL_POINTS - 1);
  const left = Math.min(Math.floor(position), CONTROL_POINTS - 2);
  const share = 0.5 - 0.5 * Math.cos(Math.PI * (position - left));
  return controls[left]! * (1 - share) + controls[left + 1]! * share;
}

/** Amplitudes of Butterworth filters, high-pass of order 4 and low-pass of order 10. */
function bandEdges(hz: number, lowHz: number, highHz: number): number {
  const low = lowHz === 0 ? 0 : (lowHz / Math.max(hz, 1)) ** 8;
  const high = (hz / Math.max(highHz, 1)) ** 20;
  return 1 / Math.sqrt((1 + low) * (1 + high));
}
