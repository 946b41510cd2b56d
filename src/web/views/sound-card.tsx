import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { chooseAll, switchNoiseReduction, trimSilence } from "../state/clip-actions.ts";
import { clip, noiseReduction } from "../state/page-state.ts";
import { PauseIcon, PlayIcon, TrimIcon, WholeIcon } from "./icons.tsx";
import { StretchFields } from "./stretch-fields.tsx";
import type { WaveformControls } from "./waveform.tsx";
import { Waveform } from "./waveform.tsx";

/** The clip in view: its waveform, playback, and what is done to it before it is classified. */
export function SoundCard() {
  const controls = useRef<WaveformControls>(null);
  const isPlaying = useSignal(false);
  const current = clip.value;
  return (
    <section class="card sound" aria-labelledby="sound-title">
      <div class="card-head">
        <h2 id="sound-title">Sound</h2>
        <p class="hint clip-name">
          {current ? `${current.name} · ${seconds(current.durationMs)}` : "\u00a0"}
        </p>
      </div>
      <div class="waveform">
        {current ? (
          <Waveform key={current.clipId} clip={current} controls={controls} isPlaying={isPlaying} />
        ) : (
          <p class="hint">The recording will be drawn here.</p>
        )}
      </div>
      <div class="tools">
        <button
          type="button"
          class="button primary"
          disabled={!current}
          onClick={() => controls.current?.toggle()}
        >
          {isPlaying.value ? <PauseIcon /> : <PlayIcon />}
          {isPlaying.value ? "Pause" : "Play"}
        </button>
        <button type="button" class="button" disabled={!current} onClick={trimSilence}>
          <TrimIcon />
          Trim silence
        </button>
        <button type="button" class="button" disabled={!current} onClick={chooseAll}>
          <WholeIcon />
          Whole clip
        </button>
      </div>
      <div class="tools">
        <label class="switch">
          <input
            type="checkbox"
            role="switch"
            checked={noiseReduction}
            aria-checked={noiseReduction}
            onChange={({ currentTarget }) => switchNoiseReduction(currentTarget.checked)}
          />
          <span>Reduce noise</span>
        </label>
        <StretchFields />
      </div>
    </section>
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
