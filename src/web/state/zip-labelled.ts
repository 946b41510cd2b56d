import { type Zippable, zipSync } from "fflate";
import type { AudioClip } from "../../audio/audio-clip.ts";
import { decodeAudio } from "../../audio/decode-audio.ts";
import { encodeWav } from "../../audio/encode-wav.ts";
import type { Label, SpokenDigit } from "../engine/utterance.ts";
import { type HistoryEntry, isLabelled } from "./history.ts";

// Around a digit of a number, so that it sounds as if it was said alone.
const MARGIN_MS = 80;
const LONGEST_MS = 3_600_000;

/**
 * A ZIP file of one WAV file for each digit that the reader has confirmed or corrected, with `list.tsv`: columns path,
 * label (0-9 or none) and corpus.
 *
 * @param entries Answers; those without a label are left out.
 */
export async function zipLabelled(entries: readonly HistoryEntry[]): Promise<Blob> {
  const files: Zippable = {};
  const lines = ["path\tlabel\tcorpus"];
  for (const entry of entries.toReversed().filter(isLabelled)) {
    for (const { label, wav } of await soundsIn(entry)) {
      const path = `sounds/${label}_${String(lines.length).padStart(4, "0")}.wav`;
      files[path] = [wav, { level: 0 }];
      lines.push(`${path}\t${label}\tpage`);
    }
  }
  files["list.tsv"] = new TextEncoder().encode(`${lines.join("\n")}\n`);
  return new Blob([zipSync(files) as Uint8Array<ArrayBuffer>], { type: "application/zip" });
}

/**
 * A WAV file for each digit of an answer that the reader has confirmed or corrected.
 *
 * @param entry The answer.
 */
export async function soundsIn(entry: HistoryEntry): Promise<{ label: Label; wav: Uint8Array }[]> {
  const { utterance, wav } = entry;
  const clip = await decodeAudio(new Uint8Array(await wav.arrayBuffer()), { maxDurationMs: LONGEST_MS });
  const isWhole = utterance.digits.length === 1;
  return utterance.digits.flatMap((heard) =>
    heard.label === undefined ? [] : [{ label: heard.label, wav: soundOf(clip, isWhole ? null : heard) }],
  );
}

function soundOf({ samples, sampleRate }: AudioClip, place: SpokenDigit | null): Uint8Array {
  if (!place) return encodeWav(samples, { sampleRate });
  const at = (ms: number) => Math.max(0, Math.round((ms / 1000) * sampleRate));
  const cut = samples.subarray(at(place.startMs - MARGIN_MS), at(place.endMs + MARGIN_MS));
  return encodeWav(cut, { sampleRate });
}
