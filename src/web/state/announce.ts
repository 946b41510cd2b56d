import { signal } from "@preact/signals";

/** Something that a screen reader is to say. Each is an element of its own, so that the same words are said again. */
export type Announcement = { id: number; text: string };

const KEEP = 8;
let lastId = 0;

/** What a screen reader was told lately, the newest last. */
export const announcements = signal<readonly Announcement[]>([]);

/** Has a screen reader say something. @param text In plain words. */
export function announce(text: string): void {
  lastId++;
  announcements.value = [...announcements.value, { id: lastId, text }].slice(-KEEP);
}
