import { toggleLive, toggleRecording } from "../state/microphone-actions.ts";
import { browserProcessing, listening, openSeconds } from "../state/page-state.ts";
import { LiveIcon, MicrophoneIcon, StopIcon } from "./icons.tsx";
import { LevelMeter } from "./level-meter.tsx";
import { Switch } from "./switch.tsx";

/** The microphone: one word, or listening on. */
export function MicrophoneCard() {
  return (
    <section class="card way-in" aria-labelledby="microphone-title">
      <h2 id="microphone-title">Microphone</h2>
      <div class="way-in-body">
        <RecordButton />
        <LevelMeter />
        <Hint />
      </div>
      <div class="way-in-foot microphone-foot">
        <LiveButton />
        <Switch
          label="Browser’s own noise filter"
          title="Noise suppression and automatic gain of the browser itself"
          checked={browserProcessing.value}
          disabled={listening.value !== "off"}
          onChange={(checked) => {
            browserProcessing.value = checked;
          }}
        />
      </div>
    </section>
  );
}

function RecordButton() {
  const isRecording = listening.value === "recording";
  return (
    <button
      type="button"
      class={isRecording ? "record active" : "record"}
      disabled={listening.value === "starting" || listening.value === "live"}
      aria-keyshortcuts="Space"
      onClick={toggleRecording}
    >
      {isRecording ? <StopIcon /> : <MicrophoneIcon />}
      <span>{isRecording ? "Stop" : "Record"}</span>
    </button>
  );
}

function LiveButton() {
  const isLive = listening.value === "live";
  return (
    <button
      type="button"
      class={isLive ? "button danger" : "button"}
      disabled={listening.value === "starting" || listening.value === "recording"}
      onClick={toggleLive}
    >
      {isLive ? <StopIcon /> : <LiveIcon />}
      {isLive ? "Stop listening" : "Keep listening"}
    </button>
  );
}

function Hint() {
  switch (listening.value) {
    case "starting":
      return <p class="hint">Allow the microphone when asked</p>;
    case "recording":
      return <p class="hint">Say the digit, then stop · {openSeconds} s</p>;
    case "live":
      return <p class="hint">Say digits, one after another</p>;
    default:
      return (
        <p class="hint">
          <span class="for-keyboards">
            or press <kbd>Space</kbd>
          </span>
        </p>
      );
  }
}
