// What `decodeAudio` throws about a file.

import { AudioFormatError } from "../errors.ts";

/** Its structure contradicts itself. @param what Of the file, for people. */
export const damaged = (what: string) => new AudioFormatError("audio-damaged", `decodeAudio: ${what}`);

/** It ends before its header says. @param what Of the file, for people. */
export const truncated = (what: string) => new AudioFormatError("audio-truncated", `decodeAudio: ${what}`);

/** It is of a variant that is not supported. @param what The variant. @param known Those that are. Default: not said. */
export const unsupported = (what: string, known?: string) =>
  new AudioFormatError(
    "audio-unsupported",
    `decodeAudio: ${what} is not supported${known ? `; ${known} are` : ""}`,
  );
