import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { openFile, tell } from "../state/clip-actions.ts";
import { openFound } from "../state/many-files.ts";
import { cancel } from "../state/microphone-actions.ts";
import { wordFor } from "../state/plain-words.ts";
import { FileIcon, FolderIcon } from "./icons.tsx";

/** Recordings from files: one to look at, several or a folder as a table. */
export function FileCard() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <section class="card way-in file-card" aria-labelledby="file-title">
      <h2 id="file-title">Audio file</h2>
      <div class="drop-zone">
        <button type="button" class="button" onClick={() => files.current?.click()}>
          <FileIcon />
          Choose files
        </button>
        <button type="button" class="button quiet" onClick={() => folder.current?.click()}>
          <FolderIcon />
          Folder
        </button>
        <FileInput input={files} />
        <FileInput input={folder} isFolder />
      </div>
      <p class="way-in-foot formats">
        or drop or paste them: WAV, MP3, M4A, Ogg, FLAC, WebM, AIFF, up to ten minutes
      </p>
    </section>
  );
}

type FileInputProps = { input: RefObject<HTMLInputElement | null>; isFolder?: boolean };

function FileInput({ input, isFolder = false }: FileInputProps) {
  return (
    <input
      ref={input}
      type="file"
      accept={isFolder ? undefined : "audio/*,video/webm,video/mp4,.flac,.opus,.aif,.aiff,.m4a"}
      multiple
      {...(isFolder && { webkitdirectory: true })}
      data-testid={isFolder ? "folder-input" : "file-input"}
      hidden
      onChange={({ currentTarget }) => choose(currentTarget)}
    />
  );
}

function choose(input: HTMLInputElement): void {
  const found = [...(input.files ?? [])].map((file) => ({
    file,
    path: file.webkitRelativePath || file.name,
  }));
  input.value = ""; // so that the same file can be chosen again
  void cancel().then(() => openFound(found));
}

const URLS = import.meta.glob<string>("../../../fixtures/samples/*.wav", {
  eager: true,
  query: "?url",
  import: "default",
});

/** Recordings to try, one for each digit. */
export function Samples() {
  return (
    <section class="samples" aria-labelledby="samples-title">
      <h2 id="samples-title">Or try a sample</h2>
      <ul>
        {Object.values(URLS).map((url, digit) => (
          <li key={url}>
            <button
              type="button"
              onClick={() => openSample(url, digit)}
              aria-label={`Sample ${digit}: ${wordFor(digit)}`}
            >
              {digit}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

async function openSample(url: string, digit: number): Promise<void> {
  try {
    await cancel();
    const response = await fetch(url);
    await openFile(await response.blob(), `Sample “${wordFor(digit)}”`, "sample");
  } catch (error) {
    tell(error);
  }
}
