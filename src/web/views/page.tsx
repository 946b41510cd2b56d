import { announcements } from "../state/announce.ts";
import { listening, numbersReady } from "../state/page-state.ts";
import { About } from "./about.tsx";
import { DetailCard } from "./detail-card.tsx";
import { FileCard } from "./file-card.tsx";
import { FilesCard } from "./files-card.tsx";
import { Header } from "./header.tsx";
import { HistoryCard } from "./history-card.tsx";
import { LiveCard } from "./live-card.tsx";
import { MicrophoneCard } from "./microphone-card.tsx";
import { NoticeBar } from "./notice-bar.tsx";
import { Samples } from "./samples.tsx";
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
