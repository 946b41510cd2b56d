import type { Plugin } from "vite";

const CODEC = /^@audio\/decode-(\w+)$/;
// What `src/audio/decode-compressed.ts` decodes with, and what those packages use in turn.
const USED = new Set(["aac", "flac", "mp3", "mp4", "opus", "vorbis", "webm"]);

/** Leaves out the codecs of audio-decode for formats that are not offered here, some of which are not even published. */
export function unusedCodecs(): Plugin {
  return {
    name: "unused-codecs",
    enforce: "pre",
    resolveId(source) {
      const codec = CODEC.exec(source)?.[1];
      return codec && !USED.has(codec) ? `\0unused-codec` : null;
    },
    load: (id) => (id === "\0unused-codec" ? "export default undefined;" : null),
  };
}
