import { takeUpdate } from "../offline/keep-up-to-date.ts";
import { model, notice, updateWaiting } from "../state/page-state.ts";

/** Name of the page, and whether it is ready. */
export function Header() {
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
