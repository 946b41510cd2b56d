import { signal } from "@preact/signals";
import { createScope, type Scope } from "../scope.ts";

/** Which history entry is being played, or null. */
export const playing = signal<number | null>(null);

let current: Scope | undefined;

/** Plays a sound, or stops it when it is the one playing. @param id Of the entry. @param wav The sound. */
export async function togglePlaying(id: number, wav: Blob): Promise<void> {
  const wasPlaying = playing.value === id;
  stopPlaying();
  if (wasPlaying) return;
  const scope = createScope();
  current = scope;
  const url = URL.createObjectURL(wav);
  const audio = new Audio(url);
  scope.add(() => URL.revokeObjectURL(url));
  scope.add(() => audio.pause());
  scope.listen(audio, "ended", stopPlaying);
  playing.value = id;
  await audio.play().catch(() => stopPlaying());
}

/** Stops what is playing, if anything is. */
export function stopPlaying(): void {
  current?.dispose();
  current = undefined;
  playing.value = null;
}
