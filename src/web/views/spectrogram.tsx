import { useEffect, useRef } from "preact/hooks";
import type { Prediction } from "../../model/prediction.ts";
import type { SpectrogramAxes } from "../engine/protocol.ts";
import { model, selected } from "../state/page-state.ts";
import { FrequencyAxis } from "./frequency-axis.tsx";
import { createColourTable, drawColumnsInPlace } from "./spectrogram-colours.ts";
import { type Theme, theme } from "./theme.ts";

// Until the model is there: the axes of the shipped one.
const USUAL_AXES: SpectrogramAxes = { nMels: 64, fMin: 50, fMax: 4000, hopMs: 16 };
const SECONDS = [0, 0.25, 0.5, 0.75, 1];

/** The log-mel picture that the model saw, with its axes. @param props.answer The answer, null before the first. */
export function Spectrogram({ answer }: { answer: Prediction | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = answer?.logMel;
  const isNothing = selected.value === null;
  useEffect(() => {
    if (canvas.current && picture) draw(canvas.current, picture, theme.value);
    else if (canvas.current && isNothing) canvas.current.width = 64; // which empties it
  }, [picture, isNothing, theme.value]);
  const axes = model.value?.axes ?? USUAL_AXES;
  const durationS = ((picture?.nFrames ?? 64) * axes.hopMs) / 1000;
  return (
    <figure class="spectrogram">
      <figcaption>What the model saw</figcaption>
      <div class="plot">
        <FrequencyAxis axes={axes} />
        <canvas ref={canvas} role="img" aria-label="Loudness by pitch and time" width={64} height={40} />
        <div class="time-axis" aria-hidden="true">
          {SECONDS.map((second) => (
            <span
              key={second}
              class="time-tick"
              style={{ left: `${Math.min(1, second / durationS) * 100}%` }}
            >
              {second === 1 ? "1 s" : second}
            </span>
          ))}
        </div>
      </div>
    </figure>
  );
}

type Picture = NonNullable<Prediction["logMel"]>;

function draw(canvas: HTMLCanvasElement, { data, nMels, nFrames }: Picture, shown: Theme): void {
  const columns = new Float32Array(data.length);
  for (let t = 0; t < nFrames; t++) {
    for (let f = 0; f < nMels; f++) columns[t * nMels + f] = data[f * nFrames + t]!;
  }
  canvas.width = nFrames;
  canvas.height = nMels;
  const image = new ImageData(nFrames, nMels);
  drawColumnsInPlace(image, columns, createColourTable(shown));
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
