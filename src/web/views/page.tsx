import { takeUpdate } from "../offline/keep-up-to-date.ts";
import { announcements } from "../state/announce.ts";
import { listening, model, notice, numbersReady, updateWaiting } from "../state/page-state.ts";
import { DetailCard } from "./detail-card.tsx";
import { FileCard, Samples } from "./file-card.tsx";
import { FilesCard } from "./files-card.tsx";
import { HistoryCard } from "./history-card.tsx";
import { RemoveIcon, WarningIcon } from "./icons.tsx";
import { MicrophoneCard } from "./microphone-card.tsx";
import { RollingSpectrogram } from "./rolling-spectrogram.tsx";
import { SoundCard } from "./sound-card.tsx";
import { usePageInput } from "./use-page-input.ts";
import { VerdictCard } from "./verdict-card.tsx";
import { VoiceCard } from "./voice-card.tsx";

/** The whole page. */
export function Page() {
  const dragging = usePageInput();
  return (
    <div class={dragging ? "page dragging" : "page"} data-ready={numbersReady.value ? "numbers" : undefined}>
      <Header />
      <main class="layout">
        <div class="intro">
          <h1>Say a number, digit by digit.</h1>
          <p>One digit, a PIN, a phone number. It works offline, and no sound leaves your device.</p>
        </div>
        <div class="inputs">
          <div class="ways-in">
            <MicrophoneCard />
            <FileCard />
          </div>
          <Samples />
        </div>
        <div class="answer">
          <VerdictCard />
          <DetailCard />
        </div>
        {listening.value === "live" ? <LiveCard /> : <SoundCard />}
        <div class="records">
          <FilesCard />
          <HistoryCard />
          <VoiceCard />
        </div>
      </main>
      <About />
      <NoticeBar />
      <div
        class="visually-hidden"
        role="log"
        aria-label="Spoken by screen readers"
        data-testid="announcement"
      >
        {announcements.value.map(({ id, text }) => (
          <p key={id}>{text}</p>
        ))}
      </div>
    </div>
  );
}

/** What is being heard: the sound of the last seconds. */
function LiveCard() {
  return (
    <section class="card sound live" aria-labelledby="live-title">
      <div class="card-head">
        <h2 id="live-title">Sound</h2>
        <p class="hint">the last four seconds</p>
      </div>
      <RollingSpectrogram />
    </section>
  );
}

/** What the page is, how good, what it does with sound, and where it comes from. */
function About() {
  return (
    <footer class="about">
      <h2 class="visually-hidden">About</h2>
      <div>
        <h3>What it is</h3>
        <p>
          It hears English digits, from zero to nine: one alone, or a number said digit by digit, such as a
          PIN or a telephone number. It is best at numbers, live and offline.
        </p>
      </div>
      <div>
        <h3>How good</h3>
        <p>
          Of 1,546 single digits by 185 people it had not heard, it had 97.5 % right. Each figure and the
          command that prints it are in the project’s docs. It can be wrong: look at what is underlined before
          you rely on it.
        </p>
      </div>
      <div>
        <h3>Your voice stays here</h3>
        <p>
          Everything is computed in this browser. No sound leaves your device, nothing is counted, and after
          the first visit no network is needed.
        </p>
      </div>
      <div>
        <h3>Make use of it</h3>
        <p>
          The project <b>spoken-digits</b> has the source, free under the MIT licence, a command line, and a
          service with the same answers over HTTP: <code>npm start</code>, then <code>/docs</code>.
        </p>
      </div>
    </footer>
  );
}

/** Name of the page, and whether it is ready. */
function Header() {
  return (
    <header class="header">
      <p class="wordmark">
        <svg viewBox="0 0 32 32" aria-hidden="true" class="mark">
          <rect width="32" height="32" rx="9" />
          <path d="M8 13.5v5M12 10v12M16 7v18M20 11v10M24 14v4" />
        </svg>
        Spoken Digits
      </p>
      {updateWaiting.value ? (
        <button type="button" class="button small" onClick={takeUpdate}>
          New version: use it
        </button>
      ) : (
        <Status />
      )}
    </header>
  );
}

function Status() {
  if (!model.value && notice.value) return <p class="status" />;
  return (
    <p class={model.value ? "status ready" : "status"} data-testid="status">
      <span class="dot" aria-hidden="true" />
      {model.value ? "Ready" : "Getting ready"}
    </p>
  );
}

/** What went wrong and what to do, over the foot of the window so that nothing moves. */
function NoticeBar() {
  if (!notice.value) return null;
  const { title, text, detail } = notice.value;
  const close = () => {
    notice.value = null;
  };
  return (
    <section class="notice" aria-label="Message" data-testid="notice">
      <WarningIcon />
      <div>
        <p class="notice-title">{title}</p>
        <p>{text}</p>
        {detail && (
          <details>
            <summary>Details</summary>
            <p class="notice-detail">{detail}</p>
          </details>
        )}
      </div>
      <button type="button" class="icon-button" aria-label="Close message" onClick={close}>
        <RemoveIcon />
      </button>
    </section>
  );
}
