import { useEffect, useState } from "preact/hooks";
import { createScope, type Scope } from "../scope.ts";
import { type FoundFile, openFound } from "../state/many-files.ts";
import { cancel, toggleRecording } from "../state/microphone-actions.ts";
import { correct } from "../state/number-actions.ts";
import { listening, notice } from "../state/page-state.ts";
import { stopPlaying } from "../state/player.ts";
import { digitKeys } from "../state/settings.ts";

/**
 * Input that belongs to the whole page: files dropped or pasted anywhere, the space bar for the microphone, Escape to end
 * what goes on, and digits to correct an answer.
 *
 * @returns True while a file is dragged over the page.
 */
export function usePageInput(): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const scope = createScope();
    takeFiles(scope, setDragging);
    scope.listen<KeyboardEvent>(document, "keydown", onKey);
    return () => scope.dispose();
  }, []);
  return dragging;
}

function takeFiles(scope: Scope, setDragging: (dragging: boolean) => void): void {
  scope.listen<DragEvent>(document, "dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDragging(true);
  });
  scope.listen<DragEvent>(document, "dragleave", (event) => {
    if (event.relatedTarget === null) setDragging(false);
  });
  scope.listen<DragEvent>(document, "drop", (event) => {
    setDragging(false);
    if (hasFiles(event)) event.preventDefault();
    void open(event.dataTransfer);
  });
  scope.listen<ClipboardEvent>(document, "paste", (event) => void open(event.clipboardData));
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

async function open(data: DataTransfer | null): Promise<void> {
  if (!data || data.files.length === 0) return; // text, for example
  const found = await droppedFiles(data);
  await cancel();
  await openFound(found);
}

function onKey(event: KeyboardEvent): void {
  const { altKey, ctrlKey, metaKey, code, key, repeat } = event;
  if (altKey || ctrlKey || metaKey || repeat) return;
  if (key === "Escape") endWhatGoesOn();
  else if (isTyping(event)) return;
  else if (code === "Space" && !isForTarget(event)) {
    event.preventDefault(); // or the page would scroll
    void toggleRecording();
  } else if (digitKeys.value && listening.value !== "teaching") correctByKey(key);
}

function correctByKey(key: string): void {
  if (/^[0-9]$/.test(key)) correct(Number(key));
  else if (key === "n") correct("none");
}

function endWhatGoesOn(): void {
  if (listening.value !== "off") void cancel();
  else if (notice.value) notice.value = null;
  else stopPlaying();
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox]), select, textarea") !== null;
}

// Where the space bar already has a meaning of its own.
function isForTarget({ target }: KeyboardEvent): boolean {
  const own = "button, a, input, select, textarea, summary, [tabindex]";
  return target instanceof Element && target.closest(own) !== null;
}

/**
 * The files that were dropped or pasted, also those in folders, at any depth.
 *
 * @param data What came with the event. It is read before the promise is returned.
 */
async function droppedFiles(data: DataTransfer): Promise<FoundFile[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...data.files].map((file) => ({ file, path: file.name }));
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found = await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])));
  return found.flat();
}

async function filesIn(entry: FileSystemEntry): Promise<FoundFile[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (isFile(entry)) return [{ file: await fileOf(entry), path }];
  if (!isFolder(entry)) return [];
  const found: FoundFile[] = [];
  for (const inner of await entriesOf(entry)) found.push(...(await filesIn(inner)));
  return found;
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives a hundred at a time, and none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
