import { notice } from "../state/page-state.ts";
import { RemoveIcon, WarningIcon } from "./icons.tsx";

/** What went wrong and what to do, over the foot of the window so that nothing moves. */
export function NoticeBar() {
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
