import { useEffect, useRef } from "preact/hooks";
import { createScope } from "../scope.ts";
import { microphones } from "../state/microphones.ts";
import { listening } from "../state/page-state.ts";
import { browserProcessing, digitKeys, microphoneId, stopsByItself } from "../state/settings.ts";
import { ExpectedSpeech } from "./expected-speech.tsx";
import { OptionsIcon } from "./icons.tsx";
import { Setting } from "./switch.tsx";

/** How to listen: which microphone, and when to stop. */
export function MicrophoneOptions() {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const scope = createScope();
    const close = () => box.current?.removeAttribute("open");
    scope.listen<Event>(document, "pointerdown", ({ target }) => {
      if (target instanceof Node && !box.current?.contains(target)) close();
    });
    scope.listen<KeyboardEvent>(document, "keydown", (event) => {
      if (event.key !== "Escape" || !box.current?.open) return;
      event.stopImmediatePropagation(); // it ends nothing else
      close();
    });
    return () => scope.dispose();
  }, []);
  return (
    <details ref={box} class="options">
      <summary aria-label="Options" title="Options">
        <OptionsIcon />
      </summary>
      <div class="options-box">
        <DeviceChoice />
        <ExpectedSpeech />
        <Setting label="Stop by itself after speech" setting={stopsByItself} />
        <Setting
          label="Browser’s own noise filter"
          setting={browserProcessing}
          disabled={listening.value !== "off"}
        />
        <Setting label="Keys 0 to 9 correct the answer" setting={digitKeys} />
      </div>
    </details>
  );
}

function DeviceChoice() {
  const choices = microphones.value;
  const isKnown = choices.some(({ id }) => id === microphoneId.value);
  return (
    <label class="field">
      <span>Microphone</span>
      <select
        class="select"
        value={isKnown ? microphoneId.value : ""}
        disabled={listening.value !== "off" || choices.length === 0}
        onChange={({ currentTarget }) => {
          microphoneId.value = currentTarget.value;
        }}
      >
        <option value="">{choices.length === 0 ? "Asked for when you record" : "The usual one"}</option>
        {choices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
