import { RollingSpectrogram } from "./rolling-spectrogram.tsx";

/** What is being heard: the sound of the last seconds. */
export function LiveCard() {
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
