import { useEffect, useState } from "preact/hooks";
import { createScope } from "../scope.ts";
import { openFile } from "../state/clip-actions.ts";
import { toggleRecording } from "../state/microphone-actions.ts";

/**
 * Input that belongs to the whole page: files dropped or pasted anywhere, and the space bar for the microphone.
 *
 * @returns True while a file is dragged over the page.
 */
export function usePageInput(): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const scope = createScope();
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
      openFirst(event.dataTransfer);
    });
    scope.listen<ClipboardEvent>(document, "paste", (event) => openFirst(event.clipboardData));
    scope.listen<KeyboardEvent>(document, "keydown", (event) => {
      if (event.code !== "Space" || event.repeat || isForTarget(event)) return;
      event.preventDefault(); // or the page would scroll
      void toggleRecording();
    });
    return () => scope.dispose();
  }, []);
  return dragging;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

function openFirst(data: DataTransfer | null): void {
  const file = data?.files[0];
  if (file) void openFile(file, file.name, "file");
}

// Where the space bar already has a meaning of its own.
function isForTarget({ target, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (altKey || ctrlKey || metaKey) return true;
  return target instanceof Element && target.closest("button, a, input, select, textarea, summary") !== null;
}
