import { measureClipLevels } from "./clip-levels.ts";
import { findDuplicates } from "./find-duplicates.ts";
import type { Recording } from "./recording.ts";

/** A recording and what it sounds like. */
export type Clip = {
  recording: Recording;
  /** Mono, finite. */
  samples: Float32Array;
};

/** Why a clip is dropped; {@link cleanRecordings} says when. */
type DropReason = "near-silent" | "steady" | "duplicate" | "contradicting";

/** A clip that is dropped. */
type DroppedRecording = {
  recording: Recording;
  reason: DropReason;
  /** Paths of the other copies, where it is a copy. */
  copies?: string[];
};

/** Clips to work with, and what was dropped and how often for which reason. */
export type CleanedRecordings = {
  kept: Clip[];
  dropped: DroppedRecording[];
  counts: Record<DropReason, number>;
};

// One step of 16-bit audio is -90 dB; a word 15 dB above the noise is still understood at a loudest 0.3 s of -60 dB.
const SILENT_BELOW_DB = -65;
const QUIET_BELOW_DB = -40;
const LEAST_CONTRAST_DB = 3;
// White noise alone spreads by 1.4 dB; of the 3000 clips of FSDD none by less than 4.8.
const LEAST_SPREAD_DB = 3;

/**
 * Drops clips that are plainly broken, by rules that know nothing of any model:
 *
 * - `near-silent`: the loudest 0.3 s is below -65 dB of full scale; or below -40 dB and less than 3 dB above the rest of
 *   the clip, where there is 0.3 s of rest: room noise, no word.
 * - `steady`: the level of 20 ms frames varies by less than 3 dB from its 10 % to its 95 % quantile: hum or noise that
 *   covers whatever is said.
 * - `duplicate`: the same samples, up to dither, as a clip whose path sorts before its own, with the same label and word.
 * - `contradicting`: the same samples as a clip with another label or word. None of the copies is kept.
 *
 * @param clips Of one corpus or several, at 8 kHz.
 * @returns Kept and dropped clips, each list in the order given.
 */
export function cleanRecordings(clips: readonly Clip[]): CleanedRecordings {
  const drops = new Map<Clip, Omit<DroppedRecording, "recording">>();
  for (const clip of clips) {
    const reason = levelFault(clip.samples);
    if (reason) drops.set(clip, { reason });
  }
  const audible = clips.filter((clip) => !drops.has(clip));
  for (const group of findDuplicates(audible.map(({ samples }) => samples))) {
    for (const [clip, drop] of dropsOfCopies(group.map((index) => audible[index]!))) drops.set(clip, drop);
  }
  return summarise(clips, drops);
}

function levelFault(samples: Float32Array): DropReason | undefined {
  const { loudestDb, contrastDb, spreadDb } = measureClipLevels(samples, { sampleRate: 8000 });
  if (loudestDb < SILENT_BELOW_DB) return "near-silent";
  if (loudestDb < QUIET_BELOW_DB && contrastDb !== undefined && contrastDb < LEAST_CONTRAST_DB) {
    return "near-silent";
  }
  return spreadDb < LEAST_SPREAD_DB ? "steady" : undefined;
}

function dropsOfCopies(copies: readonly Clip[]): [Clip, Omit<DroppedRecording, "recording">][] {
  const sorted = [...copies].sort((a, b) => (a.recording.path < b.recording.path ? -1 : 1));
  const meanings = new Set(copies.map(({ recording }) => JSON.stringify([recording.label, recording.word])));
  const reason = meanings.size > 1 ? "contradicting" : "duplicate";
  const dropped = reason === "contradicting" ? sorted : sorted.slice(1);
  return dropped.map((clip) => {
    const others = sorted.filter((other) => other !== clip);
    return [clip, { reason, copies: others.map(({ recording }) => recording.path) }];
  });
}

function summarise(
  clips: readonly Clip[],
  drops: ReadonlyMap<Clip, Omit<DroppedRecording, "recording">>,
): CleanedRecordings {
  const dropped = clips.flatMap((clip) => {
    const drop = drops.get(clip);
    return drop ? [{ recording: clip.recording, ...drop }] : [];
  });
  const counts = { "near-silent": 0, steady: 0, duplicate: 0, contradicting: 0 };
  for (const { reason } of dropped) counts[reason]++;
  return { kept: clips.filter((clip) => !drops.has(clip)), dropped, counts };
}
