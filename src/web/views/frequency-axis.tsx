import { hzToMel } from "../../model/mel-filter-bank.ts";
import type { SpectrogramAxes } from "../engine/protocol.ts";

const TICKS = [250, 500, 1000, 2000, 4000];

/** Frequencies beside a log-mel picture. @param props.axes Its scales. */
export function FrequencyAxis({ axes }: { axes: SpectrogramAxes }) {
  return (
    <div class="frequency-axis" aria-hidden="true">
      {TICKS.map((hz) => (
        <span key={hz} class="frequency-tick" style={{ bottom: `${heightOf(hz, axes) * 100}%` }}>
          {hz === 4000 ? "4000 Hz" : hz}
        </span>
      ))}
    </div>
  );
}

// Band b is centred on edge b + 1 of nMels + 2 edges, evenly spaced in mel, and drawn in the middle of row b.
function heightOf(hz: number, { nMels, fMin, fMax }: SpectrogramAxes): number {
  const [low, high] = [hzToMel(fMin), hzToMel(fMax)];
  const band = ((hzToMel(hz) - low) / (high - low)) * (nMels + 1) - 1;
  return Math.min(1, (band + 0.5) / nMels);
}
