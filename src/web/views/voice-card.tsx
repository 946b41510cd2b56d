import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { VoiceProfile } from "../../model/voice-profile.ts";
import { listenAgain } from "../state/clip-actions.ts";
import { history, isLabelled } from "../state/history.ts";
import { cancel } from "../state/microphone-actions.ts";
import { listening, model } from "../state/page-state.ts";
import { wordFor } from "../state/plain-words.ts";
import { isOfModel, usedVoice, voices } from "../state/settings.ts";
import {
  type Lesson,
  lesson,
  openVoice,
  problemText,
  removeVoice,
  teach,
  teachFromCorrections,
} from "../state/teach-actions.ts";
import { MicrophoneIcon, RemoveIcon, SaveIcon } from "./icons.tsx";
import { LevelMeter } from "./microphone-card.tsx";
import { saveFile } from "./save-file.ts";
import { Switch } from "./switch.tsx";

/** The reader's voice: taught here, kept in this browser, used or not. */
export function VoiceCard() {
  const now = lesson.value;
  return (
    <section class="card voice" aria-labelledby="voice-title">
      <div class="card-head">
        <h2 id="voice-title">Your voice</h2>
      </div>
      {now ? <LessonView lesson={now} /> : <Voices />}
    </section>
  );
}

function LessonView({ lesson: { digit, done, total, problem } }: { lesson: Lesson }) {
  const view = useRef<HTMLDivElement>(null);
  useEffect(() => view.current?.scrollIntoView({ block: "nearest" }), []);
  const isReady = listening.value === "teaching";
  return (
    <div ref={view} class="lesson" data-testid="lesson">
      <p class="lesson-ask">
        <span>{isReady ? "Say" : "Allow the microphone when asked, then say"}</span>
        <strong class="lesson-digit">{digit}</strong>
        <span>{wordFor(digit)}</span>
      </p>
      <p class={problem ? "hint warning" : "hint"}>
        {problem ? `${problemText(problem)} Once more.` : "The next one is asked for by itself."}
      </p>
      <LevelMeter />
      <progress value={done} max={total} aria-label="Takes" />
      <button type="button" class="button" onClick={cancel}>
        Stop
      </button>
    </div>
  );
}

function Voices() {
  const name = useSignal("My voice");
  const corrections = history.value.filter(isLabelled).length;
  const own = name.value.trim();
  const disabled = listening.value !== "off" || model.value === null || own === "";
  return (
    <>
      <p class="hint">
        Is a digit of yours misheard? Say each one three times: it takes about a minute. What is learnt stays
        in this browser.
      </p>
      {voices.value.map((voice) => (
        <Voice key={voice.name} voice={voice} />
      ))}
      <div class="voice-tools">
        <label class="field">
          <span>Name</span>
          <input
            class="select"
            type="text"
            maxLength={40}
            value={name.value}
            onInput={({ currentTarget }) => {
              name.value = currentTarget.value;
            }}
          />
        </label>
        <button type="button" class="button" disabled={disabled} onClick={() => teach(own)}>
          <MicrophoneIcon />
          Teach it
        </button>
        {corrections > 0 && (
          <button type="button" class="button" disabled={disabled} onClick={() => teachFromCorrections(own)}>
            Learn from what you corrected
          </button>
        )}
        <OpenProfile />
      </div>
    </>
  );
}

function OpenProfile() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        Open a profile
      </button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        data-testid="voice-input"
        hidden
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void openVoice(file);
          currentTarget.value = ""; // so that the same file can be chosen again
        }}
      />
    </>
  );
}

const takesText = (count: number) => (count === 1 ? "1 take" : `${count} takes`);

function Voice({ voice }: { voice: VoiceProfile }) {
  const { name, takes } = voice;
  const fits = isOfModel(voice);
  const save = () =>
    saveFile(new Blob([JSON.stringify(voice)], { type: "application/json" }), `${name}.json`);
  return (
    <div class="voice-row" data-testid="voice">
      <Switch
        label={name}
        checked={fits && usedVoice.value === name}
        disabled={!fits}
        onChange={(checked) => {
          usedVoice.value = checked ? name : "";
          void listenAgain();
        }}
      />
      <span class="hint">{fits ? takesText(takes.length) : "of another model: teach it again"}</span>
      <button type="button" class="icon-button" aria-label={`Save ${name}`} onClick={save}>
        <SaveIcon />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`Remove ${name}`}
        onClick={() => {
          removeVoice(name);
          void listenAgain();
        }}
      >
        <RemoveIcon />
      </button>
    </div>
  );
}
