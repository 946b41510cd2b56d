import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { toggleLive, toggleRecording } from "../state/microphone-actions.ts";
import { levelDb, listening, model, noSound, openSeconds } from "../state/page-state.ts";
import { clockText } from "../state/plain-words.ts";
import { stopsByItself } from "../state/settings.ts";
import { LiveIcon, MicrophoneIcon, RemoveIcon, StopIcon } from "./icons.tsx";
import { MicrophoneOptions } from "./microphone-options.tsx";

/** The microphone: one word or number, or listening on. */
export function MicrophoneCard() {
  return (
    <section class="card way-in" aria-labelledby="microphone-title">
      <div class="card-head">
        <h2 id="microphone-title">Microphone</h2>
        <MicrophoneOptions />
      </div>
      <div class="way-in-body">
        <RecordButton />
        <LevelMeter />
        <Hint key={listening.value} />
      </div>
      <div class="way-in-foot microphone-foot">
        <LiveButton />
      </div>
    </section>
  );
}

/** The second press of a double click would end, or cancel, what the first has begun. */
const once = (act: () => Promise<void>) => (event: MouseEvent) => event.detail < 2 && void act();

function RecordButton() {
  const state = listening.value;
  return (
    <button
      type="button"
      class={state === "recording" ? "record active" : "record"}
      disabled={state === "live" || state === "teaching"}
      aria-keyshortcuts="Space"
      onClick={once(toggleRecording)}
    >
      {state === "recording" ? <StopIcon /> : state === "starting" ? <RemoveIcon /> : <MicrophoneIcon />}
      <span>
        {{ off: "Record", live: "Record", teaching: "Record", starting: "Cancel", recording: "Stop" }[state]}
      </span>
    </button>
  );
}

function LiveButton() {
  const isLive = listening.value === "live";
  return (
    <button
      type="button"
      class={isLive ? "button danger" : "button"}
      disabled={listening.value !== "off" && !isLive}
      onClick={once(toggleLive)}
    >
      {isLive ? <StopIcon /> : <LiveIcon />}
      {isLive ? "Stop listening" : "Keep listening"}
    </button>
  );
}

function Hint() {
  if (noSound.value) return <Warning key="silent" />;
  switch (listening.value) {
    case "starting":
      return <p class="hint">{model.value ? "Allow the microphone when asked" : "Getting ready …"}</p>;
    case "recording":
      return (
        <p class="hint">
          Speak now · {clockText(1000 * openSeconds.value)}
          {stopsByItself.value ? "" : ", then stop"}
        </p>
      );
    case "teaching":
      return <p class="hint">Say what “Your voice” asks for</p>;
    case "live":
      return <p class="hint">Speak now · {clockText(1000 * openSeconds.value)}</p>;
    default:
      return (
        <p class="hint">
          <span class="for-keyboards">
            or press <kbd>Space</kbd>
          </span>
          <span class="for-fingers">one digit or a number</span>
        </p>
      );
  }
}

const Warning = () => <p class="hint warning">No sound arrives. Muted?</p>;

const QUIETEST_DB = -66;

/** How loud the microphone is. Set on the element itself: fifty times a second is too often to draw the page. */
export function LevelMeter() {
  const bar = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    const share = Math.min(1, Math.max(0, 1 - levelDb.value / QUIETEST_DB));
    if (bar.current) bar.current.style.transform = `scaleX(${share.toFixed(3)})`;
  });
  return (
    <div class="level" aria-hidden="true">
      <div ref={bar} />
    </div>
  );
}
