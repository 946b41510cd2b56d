import { toggleLive, toggleRecording } from "../state/microphone-actions.ts";
import { browserProcessing, listening, openSeconds } from "../state/page-state.ts";
import { LiveIcon, MicrophoneIcon, StopIcon } from "./icons.tsx";
import { LevelMeter } from "./level-meter.tsx";

/** The microphone: one word, or listening on. */
export function MicrophoneCard() {
  const state = listening.value;
  const isRecording = state === "recording";
  const isLive = state === "live";
  return (
    <section class="card way-in" aria-labelledby="microphone-title">
      <h2 id="microphone-title">Microphone</h2>
      <div class="way-in-body">
        <button
          type="button"
          class={isRecording ? "record active" : "record"}
          disabled={state === "starting" || isLive}
          aria-keyshortcuts="Space"
          onClick={toggleRecording}
        >
          {isRecording ? <StopIcon /> : <MicrophoneIcon />}
          <span>{isRecording ? "Stop" : "Record"}</span>
        </button>
        <LevelMeter />
        <p class="hint">{hintFor(state)}</p>
      </div>
      <div class="way-in-foot microphone-foot">
        <button
          type="button"
          class={isLive ? "button danger" : "button"}
          disabled={state === "starting" || isRecording}
          onClick={toggleLive}
        >
          {isLive ? <StopIcon /> : <LiveIcon />}
          {isLive ? "Stop listening" : "Keep listening"}
        </button>
        <label class="switch" title="Noise suppression and automatic gain of the browser itself">
          <input
            type="checkbox"
            role="switch"
            checked={browserProcessing}
            aria-checked={browserProcessing}
            disabled={state !== "off"}
            onChange={({ currentTarget }) => {
              browserProcessing.value = currentTarget.checked;
            }}
          />
          <span>Browser’s own noise filter</span>
        </label>
      </div>
    </section>
  );
}

function hintFor(state: typeof listening.value) {
  switch (state) {
    case "starting":
      return "Allow the microphone when asked";
    case "recording":
      return `Say the digit, then stop · ${openSeconds.value} s`;
    case "live":
      return "Say digits, one after another";
    default:
      return (
        <span class="for-keyboards">
          or press <kbd>Space</kbd>
        </span>
      );
  }
}
