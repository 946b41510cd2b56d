import { useEffect, useRef } from "preact/hooks";
import type { Utterance } from "../engine/utterance.ts";
import { meant } from "../state/number-text.ts";
import { clip, listening, loading, model, notice, utterance, work } from "../state/page-state.ts";
import { clockText, describe } from "../state/plain-words.ts";
import { NumberTools } from "./number-tools.tsx";
import { NumberView } from "./number-view.tsx";

/** What was said: one digit, large, or the whole number. */
export function VerdictCard() {
  // Of a long sound the progress is shown, not what was said in the one before.
  const said = work.value?.totalMs ? null : utterance.value;
  const card = useRef<HTMLElement>(null);
  const clipId = clip.value?.clipId;
  useEffect(() => {
    // Only where it is out of sight: what is looked at does not move.
    if (clipId !== undefined && isOutOfSight(card.current!))
      card.current!.scrollIntoView({ block: "nearest" });
  }, [clipId]);
  return (
    <section
      ref={card}
      class="card verdict-card"
      aria-labelledby="answer-title"
      aria-busy={work.value !== null}
    >
      <div class="card-head">
        <h2 id="answer-title">{listening.value === "live" ? "Listening" : "Answer"}</h2>
        <NumberTools />
      </div>
      <div class="verdict" data-testid="verdict">
        {isNumber(said) ? <NumberView said={said} /> : <Single said={said} />}
      </div>
    </section>
  );
}

function isOutOfSight(element: Element): boolean {
  const { top, height } = element.getBoundingClientRect();
  return top < 0 || top + Math.min(height, 160) > window.innerHeight;
}

/** Whether what was said is shown as a row of digits. */
function isNumber(said: Utterance | null): said is Utterance {
  return said !== null && (said.digits.length !== 1 || listening.value === "live");
}

function Single({ said }: { said: Utterance | null }) {
  const digit = said ? meant(said.digits[0]!) : null;
  return (
    <div class="single">
      <p class={digit === null ? "digit empty" : "digit"} data-testid="digit" aria-hidden="true">
        {digit ?? "–"}
      </p>
      {said ? <Words said={said} /> : <Waiting />}
    </div>
  );
}

function Words({ said }: { said: Utterance }) {
  const { headline, text } = describe(said);
  const ms = said.prediction?.ms ?? said.ms;
  return (
    <div key={headline + text} class="single-words">
      <p class="headline">{headline}</p>
      <p>{text}</p>
      {ms > 0 && <p class="hint">{`computed in ${ms.toFixed(1)} ms`}</p>}
    </div>
  );
}

function Waiting() {
  const now = work.value;
  const state = now?.what ?? "idle";
  return (
    <div key={state} class="single-words">
      {now && now.totalMs > 0 ? (
        <Progress doneMs={now.doneMs} totalMs={now.totalMs} />
      ) : (
        <>
          <p class="headline">
            {{ opening: "Opening …", recognising: "Listening to it …", idle: "Nothing heard yet" }[state]}
          </p>
          {state !== "opening" && <LoadingProgress />}
        </>
      )}
    </div>
  );
}

function Progress({ doneMs, totalMs }: { doneMs: number; totalMs: number }) {
  return (
    <>
      <p class="headline">Listening through it …</p>
      <progress value={doneMs} max={totalMs} aria-label="Listened to so far" />
      <p class="hint">
        {clockText(doneMs)} of {clockText(totalMs)}
      </p>
    </>
  );
}

/** How far the page has loaded what it computes with, and what can be done meanwhile; then what to do. */
function LoadingProgress() {
  const isWaiting = work.value !== null;
  if (model.value) return <p>{isWaiting ? "\u00a0" : "Say one digit or a whole number, such as a PIN."}</p>;
  if (notice.value && !loading.value) return <p>Files and the microphone wait for the page to load.</p>;
  const { loadedBytes, totalBytes } = loading.value ?? { loadedBytes: 0, totalBytes: FIRST_LOAD_BYTES };
  return (
    <>
      <p>
        {isWaiting
          ? "The answer comes as soon as the page is ready."
          : "Getting ready. You can record already."}
      </p>
      <progress value={Math.min(loadedBytes, totalBytes)} max={totalBytes} aria-label="Loaded" />
      <p class="hint" data-testid="loading">
        {megabytes(Math.min(loadedBytes, totalBytes))} of {megabytes(totalBytes)} MB
      </p>
    </>
  );
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
