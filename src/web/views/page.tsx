import { announcement, listening, liveDigits } from "../state/page-state.ts";
import { AnswerCard } from "./answer-card.tsx";
import { FileCard } from "./file-card.tsx";
import { Header } from "./header.tsx";
import { HistoryCard } from "./history-card.tsx";
import { LiveCard } from "./live-card.tsx";
import { MicrophoneCard } from "./microphone-card.tsx";
import { NoticeBar } from "./notice-bar.tsx";
import { Samples } from "./samples.tsx";
import { SoundCard } from "./sound-card.tsx";
import { usePageInput } from "./use-page-input.ts";

/** The whole page. */
export function Page() {
  const dragging = usePageInput();
  const classes = ["page", dragging && "dragging", listening.value === "live" && "listening"];
  return (
    <div class={classes.filter(Boolean).join(" ")}>
      <Header />
      <main class="layout">
        <div class="intro">
          <h1>Say a digit, zero to nine.</h1>
          <p>
            Record it, open a file, or try a sample. Everything is computed here: no sound leaves your device.
          </p>
        </div>
        <div class="inputs">
          <NoticeBar />
          <div class="ways-in">
            <MicrophoneCard />
            <FileCard />
          </div>
          <Samples />
        </div>
        <AnswerCard />
        {listening.value === "live" || liveDigits.value.length > 0 ? <LiveCard /> : <SoundCard />}
        <HistoryCard />
      </main>
      <footer class="footer">
        <p>English digits, any voice. The answer can be wrong: look at the bars before you rely on it.</p>
      </footer>
      <p class="visually-hidden" aria-live="polite" data-testid="announcement">
        {announcement}
      </p>
    </div>
  );
}
