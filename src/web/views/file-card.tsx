import { useRef } from "preact/hooks";
import { openFile } from "../state/clip-actions.ts";
import { opening } from "../state/page-state.ts";
import { FileIcon } from "./icons.tsx";

/** A recording from a file. */
export function FileCard() {
  const input = useRef<HTMLInputElement>(null);
  const choose = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    const file = currentTarget.files?.[0];
    if (file) void openFile(file, file.name, "file");
    currentTarget.value = ""; // so that the same file can be chosen again
  };
  return (
    <section class="card way-in file-card" aria-labelledby="file-title">
      <h2 id="file-title">Audio file</h2>
      <div class="drop-zone">
        <button type="button" class="button" onClick={() => input.current?.click()}>
          <FileIcon />
          {opening.value ? "Opening …" : "Choose a file"}
        </button>
        <p class="hint">or drop or paste one</p>
        <input
          ref={input}
          type="file"
          accept="audio/*,video/webm,video/mp4,.flac,.opus,.aif,.aiff,.m4a"
          hidden
          onChange={choose}
        />
      </div>
      <p class="way-in-foot formats">WAV, MP3, M4A, Ogg, FLAC, WebM, AIFF</p>
    </section>
  );
}
