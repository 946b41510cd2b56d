import { useEffect, useRef } from "preact/hooks";
import type { SpectrogramAxes } from "../engine/protocol.ts";
import type { Scope } from "../scope.ts";
import { createScope } from "../scope.ts";
import { onEngineEvent } from "../state/engine-link.ts";
import { model } from "../state/page-state.ts";
import { FrequencyAxis } from "./frequency-axis.tsx";
import { createColourTable, drawColumnsInPlace } from "./spectrogram-colours.ts";
import { type Theme, theme } from "./theme.ts";

// About four seconds of columns of 16 ms.
const N_COLUMNS = 256;

/** The last seconds of sound, moving to the left. */
export function RollingSpectrogram() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = theme.value;
  const axes = model.value?.streamAxes;
  useEffect(() => {
    const scope = createScope();
    if (canvas.current && axes) roll(canvas.current, axes, { shown, scope });
    return () => scope.dispose();
  }, [shown, axes]);
  return (
    <div class="plot rolling">
      {axes && <FrequencyAxis axes={axes} />}
      <canvas ref={canvas} role="img" aria-label="Sound of the last seconds" width={N_COLUMNS} height={40} />
    </div>
  );
}

function roll(
  canvas: HTMLCanvasElement,
  { nMels }: SpectrogramAxes,
  { shown, scope }: { shown: Theme; scope: Scope },
): void {
  canvas.height = nMels;
  const context = canvas.getContext("2d")!;
  const colours = createColourTable(shown);
  context.fillStyle = `rgb(${colours.slice(0, 3).join(" ")})`;
  context.fillRect(0, 0, N_COLUMNS, nMels);
  scope.add(
    onEngineEvent((event) => {
      if (event.kind !== "columns") return;
      const width = Math.min(N_COLUMNS, event.columns.length / nMels);
      const image = new ImageData(width, nMels);
      drawColumnsInPlace(image, event.columns.subarray(0, width * nMels), colours);
      context.drawImage(canvas, -width, 0);
      context.putImageData(image, N_COLUMNS - width, 0);
    }),
  );
}
