import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { Stretch } from "../engine/protocol.ts";
import { choose, chooseAll, switchNoiseReduction, trimSilence } from "../state/clip-actions.ts";
import { clip, noiseReduction, stretch } from "../state/page-state.ts";
import { DigitMarks } from "./digit-marks.tsx";
import { PauseIcon, PlayIcon, TrimIcon, WholeIcon } from "./icons.tsx";
import { Switch } from "./switch.tsx";
import { Waveform, type WaveformControls } from "./waveform.tsx";

/** The clip in view: its waveform, playback, and what is done to it before it is classified. */
export function SoundCard() {
  const controls = useRef<WaveformControls>(null);
  const isPlaying = useSignal(false);
  const view = useSignal<Stretch>({ startMs: 0, endMs: 1 });
  const current = clip.value;
  return (
    <section class="card sound" aria-labelledby="sound-title">
      <div class="card-head">
        <h2 id="sound-title">Sound</h2>
        {current && (
          <p key={current.clipId} class="hint clip-name">
            <bdi>{current.name}</bdi>
            <span> · {seconds(current.durationMs)}</span>
          </p>
        )}
      </div>
      <div class="waveform">
        {current ? (
          <Waveform
            key={current.clipId}
            clip={current}
            controls={controls}
            isPlaying={isPlaying}
            view={view}
          />
        ) : (
          <p class="hint">The sound will be drawn here, with each digit below it.</p>
        )}
      </div>
      <DigitMarks view={view.value} />
      <Buttons controls={controls} isPlaying={isPlaying} />
      <div class="tools">
        <Switch label="Reduce noise" checked={noiseReduction.value} onChange={switchNoiseReduction} />
        <StretchFields />
      </div>
    </section>
  );
}

type ButtonsProps = { controls: RefObject<WaveformControls | null>; isPlaying: Signal<boolean> };

function Buttons({ controls, isPlaying }: ButtonsProps) {
  const disabled = !clip.value;
  return (
    <div class="tools">
      <button
        type="button"
        class="button primary"
        disabled={disabled}
        onClick={() => controls.current?.toggle()}
      >
        {isPlaying.value ? <PauseIcon /> : <PlayIcon />}
        {isPlaying.value ? "Pause" : "Play"}
      </button>
      <button type="button" class="button" disabled={disabled} onClick={trimSilence}>
        <TrimIcon />
        Trim silence
      </button>
      <button type="button" class="button" disabled={disabled} onClick={chooseAll}>
        <WholeIcon />
        Whole clip
      </button>
    </div>
  );
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** The trimmed part in numbers: the same as dragging its edges, for the keyboard. */
function StretchFields() {
  const { startMs, endMs } = stretch.value;
  return (
    <fieldset class="stretch" disabled={!clip.value}>
      <legend class="visually-hidden">Part to classify, in seconds</legend>
      <Seconds label="From" ms={startMs} onChange={(value) => choose({ startMs: value, endMs })} />
      <Seconds label="to" ms={endMs} onChange={(value) => choose({ startMs, endMs: value })} />
      <span aria-hidden="true">s</span>
    </fieldset>
  );
}

type SecondsProps = { label: string; ms: number; onChange: (ms: number) => void };

function Seconds({ label, ms, onChange }: SecondsProps) {
  return (
    <label>
      {label}
      <input
        type="number"
        min={0}
        max={((clip.value?.durationMs ?? 0) / 1000).toFixed(2)}
        step={0.01}
        value={(ms / 1000).toFixed(2)}
        onChange={({ currentTarget }) => {
          const { valueAsNumber } = currentTarget;
          if (Number.isFinite(valueAsNumber)) onChange(valueAsNumber * 1000);
          else currentTarget.value = (ms / 1000).toFixed(2);
        }}
      />
    </label>
  );
}
