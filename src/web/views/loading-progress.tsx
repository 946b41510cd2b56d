import { loading, model, notice, work } from "../state/page-state.ts";

/** How far the page has loaded what it computes with, and what can be done meanwhile; then what to do. */
export function LoadingProgress() {
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

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
