import type { ComponentChildren } from "preact";

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** A microphone. */
export const MicrophoneIcon = () => (
  <Icon>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />
  </Icon>
);

/** A square: stop. */
export const StopIcon = () => (
  <Icon>
    <rect x="7" y="7" width="10" height="10" rx="2" fill="currentColor" />
  </Icon>
);

/** A triangle: play. */
export const PlayIcon = () => (
  <Icon>
    <path d="M8 5.5v13l10.5-6.5z" fill="currentColor" />
  </Icon>
);

/** Two bars: pause. */
export const PauseIcon = () => (
  <Icon>
    <path d="M9 6v12M15 6v12" stroke-width="3" />
  </Icon>
);

/** An arrow into a tray: choose a file. */
export const FileIcon = () => (
  <Icon>
    <path d="M12 15V4M7.5 8.5 12 4l4.5 4.5M4.5 15v3a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-3" />
  </Icon>
);

/** An arrow out of a tray: save. */
export const SaveIcon = () => (
  <Icon>
    <path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 15v3a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-3" />
  </Icon>
);

/** Brackets around a wave: trim. */
export const TrimIcon = () => (
  <Icon>
    <path d="M7 4H4v16h3M17 4h3v16h-3M9.5 10v4M12 8v8M14.5 10v4" />
  </Icon>
);

/** Brackets apart: the whole clip. */
export const WholeIcon = () => (
  <Icon>
    <path d="M4 6v12M20 6v12M7 12h10M9.5 9 7 12l2.5 3M14.5 9l2.5 3-2.5 3" />
  </Icon>
);

/** A cross: remove. */
export const RemoveIcon = () => (
  <Icon>
    <path d="M7 7l10 10M17 7 7 17" />
  </Icon>
);

/** Waves from a point: listening on. */
export const LiveIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="2" fill="currentColor" />
    <path d="M8 8a5.7 5.7 0 0 0 0 8M16 8a5.7 5.7 0 0 1 0 8M5 5a9.9 9.9 0 0 0 0 14M19 5a9.9 9.9 0 0 1 0 14" />
  </Icon>
);

/** A triangle with a stroke: careful. */
export const WarningIcon = () => (
  <Icon>
    <path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1" />
  </Icon>
);

/** Two sheets: copy. */
export const CopyIcon = () => (
  <Icon>
    <rect x="9" y="9" width="11" height="11" rx="2" />
    <path d="M5 15V6a2 2 0 0 1 2-2h9" />
  </Icon>
);

/** A tick: done. */
export const DoneIcon = () => (
  <Icon>
    <path d="M5 12.5l4.5 4.5L19 7.5" />
  </Icon>
);

/** An arrow with a cross: delete the last. */
export const BackspaceIcon = () => (
  <Icon>
    <path d="M8.5 5.5H20v13H8.5L3 12zM11.5 9.5l5 5M16.5 9.5l-5 5" />
  </Icon>
);

/** A folder. */
export const FolderIcon = () => (
  <Icon>
    <path d="M3.5 7a2 2 0 0 1 2-2h4l2 2.5h7a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z" />
  </Icon>
);

/** Two sliders: options. */
export const OptionsIcon = () => (
  <Icon>
    <path d="M4 8h8M18 8h2M4 16h2M12 16h8" />
    <circle cx="15" cy="8" r="2.6" />
    <circle cx="9" cy="16" r="2.6" />
  </Icon>
);
