import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { levelDb } from "../state/page-state.ts";

const QUIETEST_DB = -66;

/** How loud the microphone is. Set on the element itself: fifty times a second is too often to draw the page. */
export function LevelMeter() {
  const bar = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    const share = Math.min(1, Math.max(0, 1 - levelDb.value / QUIETEST_DB));
    if (bar.current) bar.current.style.transform = `scaleX(${share.toFixed(3)})`;
  });
  return (
    <div class="level" aria-hidden="true">
      <div ref={bar} />
    </div>
  );
}
