// Windows of fluent speech: any stretch of a recording at any pace and, where it ends before the window does, of others
// after it, so that numbers stand in sentences and sentences around numbers.

import { changeTempo } from "../../audio/change-tempo.ts";
import { activePower } from "../../audio/level.ts";
import { createSpeedChanger, type SpeedChanger } from "../../audio/speed-change.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { OTHER_SPEECH, STATES_PER_DIGIT, STREAM_WINDOW } from "../../live/stream-net.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import type { FluentClip } from "./fluent-clip.ts";
import type { StateStretch } from "./stream-targets.ts";
import type { StringChannel } from "./string-channel.ts";

/** What a window holds: numbers with what is around them, or speech without a digit. */
export type FluentKind = "fluent" | "sentence";

/** How the recordings of a window are said. */
export type FluentPace = {
  /** Faster by so much without the pitch. */
  rate: number;
  /** And by so much with it. */
  speed: number;
  /** From the end of a recording to the beginning of the next, in ms. */
  gapMs: readonly [number, number];
  /** Differences in level between recordings, in dB either way. */
  levelDb: number;
};

/** Places recordings in a window. */
export type FluentDrawer = {
  /** Whether there are recordings for such a window. */
  has(kind: FluentKind): boolean;
  /**
   * @param out The window, [STREAM_WINDOW]; added to.
   * @returns The states of the digits in it, in their order, and after each recording's where anything else is said.
   */
  place(
    drawing: { kind: FluentKind; pace: FluentPace; channel: StringChannel; random: Random },
    out: Float32Array,
  ): StateStretch[];
};

/** Recordings of a kind, drawn by weight and length, or by weight and how many hard places there are. */
type Pool = { draw(random: Random): FluentClip; drawHard?: (random: Random) => FluentClip };
/** A part of a recording: first sample and end. */
type Part = { clip: FluentClip; from: number; to: number };

// A recording reaches into the window by this much at least.
const LEAST_SEEN = STREAM_WINDOW / 4;
/** Share of the windows whose first recording is left in its middle for another one. */
const LEFT_SHARE = 0.3;
/** Share of the windows that show a hard place, where any is known. */
const HARD_SHARE = 0.4;
/** Where in the window it is then: what a target can be about. */
const HARD_RANGE = [6000, 14_500] as const;
// Half of what follows numbers in a window has none.
const OTHER_SHARE = 0.5;
// Cuts are faded over 5 ms, or they would click.
const FADE = 40;
// Four times as fast as the default, and good enough to train on.
const QUICK_SEARCH = { searchMs: 6, searchStep: 2 };

/** Prepares the drawing. @param clips Recordings with and without digits; may be none. */
export function createFluentDrawer(clips: readonly FluentClip[]): FluentDrawer {
  const pools = {
    fluent: createPool(clips.filter(({ stretches }) => stretches.length > 0)),
    sentence: createPool(clips.filter(({ stretches }) => stretches.length === 0)),
  };
  const speedChanger = createSpeedChanger();
  return {
    has: (kind) => pools[kind] !== undefined,
    place({ kind, pace, channel, random }, out) {
      const main = pools[kind];
      if (!main) throw new InvalidArgumentError(`createFluentDrawer: there is no recording of kind ${kind}`);
      const stretch = pace.rate * pace.speed;
      const stretches: StateStretch[] = [];
      let { part, place } =
        main.drawHard && random.chance(HARD_SHARE)
          ? hardPart(main.drawHard(random), stretch, random)
          : firstPart(main.draw(random), random);
      while (place < STREAM_WINDOW) {
        const shown = endInWindow(part, { room: (STREAM_WINDOW - place) * stretch });
        const samples = render(shown, pace, { speedChanger, random });
        channel.add(samples, place, out);
        stretches.push(...moved(shown, { place, stretch }));
        place += samples.length + Math.round((random.uniform(...pace.gapMs) * SAMPLE_RATE) / 1000);
        const next = random.chance(OTHER_SHARE) ? (pools.sentence ?? main) : main;
        const clip = (kind === "sentence" ? main : next).draw(random);
        part = { clip, from: 0, to: clip.samples.length };
      }
      return stretches;
    },
  };
}

function createPool(clips: readonly FluentClip[]): Pool | undefined {
  const draw = drawWeighted(clips, ({ weight, samples }) => weight * samples.length);
  if (!draw) return undefined;
  return { draw, drawHard: drawWeighted(clips, ({ weight, hard = [] }) => weight * hard.length) };
}

function drawWeighted(
  clips: readonly FluentClip[],
  weightOf: (clip: FluentClip) => number,
): ((random: Random) => FluentClip) | undefined {
  const ends: number[] = [];
  for (const clip of clips) ends.push((ends.at(-1) ?? 0) + weightOf(clip));
  const total = ends.at(-1) ?? 0;
  if (total === 0) return undefined;
  return (random) => {
    const at = random.next() * total;
    return clips[ends.findIndex((end) => at < end)]!;
  };
}

/** A part of a recording and its place in the window. */
type PlacedPart = { part: Part; place: number };

/** From anywhere in the recording on, to its end or, at times, not so far. */
function firstPart(clip: FluentClip, random: Random): PlacedPart {
  const { length } = clip.samples;
  const from = Math.max(0, random.integer(-LEAST_SEEN, Math.max(1, length - LEAST_SEEN)));
  const place = from > 0 ? 0 : random.integer(0, LEAST_SEEN);
  if (!random.chance(LEFT_SHARE)) return { part: { clip, from, to: length }, place };
  const to = from + random.integer(LEAST_SEEN, STREAM_WINDOW);
  return { part: { clip, from, to: Math.min(length, outsideOfDigits(clip, to)) }, place };
}

/** From so far before a hard place that it is where a target can be about it. */
function hardPart(clip: FluentClip, stretch: number, random: Random): PlacedPart {
  const hard = clip.hard![random.integer(0, clip.hard!.length)]!;
  const start = Math.round(hard - stretch * random.uniform(...HARD_RANGE));
  const part = { clip, from: Math.max(0, start), to: clip.samples.length };
  return { part, place: Math.max(0, Math.round(-start / stretch)) };
}

/** The place itself, or the end of the digit that is said there. */
function outsideOfDigits({ stretches }: FluentClip, at: number): number {
  const inside = stretches.findIndex(({ start, end }) => start < at && at < end);
  if (inside < 0) return at;
  const last = stretches.slice(inside).find(({ state }) => state % STATES_PER_DIGIT === 0);
  return Math.round((last ?? stretches[inside]!).end);
}

/** No more than there is room for, and a little. */
function endInWindow(part: Part, { room }: { room: number }): Part {
  return { ...part, to: Math.min(part.to, part.from + Math.ceil(room) + FADE) };
}

function render(
  { clip, from, to }: Part,
  { rate, speed, levelDb }: FluentPace,
  { speedChanger, random }: { speedChanger: SpeedChanger; random: Random },
): Float32Array {
  const said = clip.samples.subarray(from, to);
  const stretched = rate === 1 ? said : changeTempo(said, { rate, ...QUICK_SEARCH });
  const samples = new Float32Array(Math.ceil(stretched.length / speed));
  if (samples.length > 0) speedChanger.changeInto(stretched, speed, samples);
  const power = activePower(samples);
  const gain = power > 0 ? 10 ** (random.uniform(-levelDb, levelDb) / 20) / Math.sqrt(power) : 0;
  for (let i = 0; i < samples.length; i++) {
    samples[i]! *= gain * Math.min(1, (i + 0.5) / FADE, (samples.length - i - 0.5) / FADE);
  }
  return samples;
}

function moved(
  { clip, from, to }: Part,
  { place, stretch }: { place: number; stretch: number },
): StateStretch[] {
  const toWindow = (at: number) => place + (at - from) / stretch;
  // A digit that is cut begins or ends outside; of other speech there is nothing there.
  const others = clip.others.map(({ start, end }) => ({
    state: OTHER_SPEECH,
    start: Math.max(start, from),
    end: Math.min(end, to),
  }));
  return [...clip.stretches, ...others]
    .filter(({ start, end }) => end > from && start < to)
    .map(({ state, start, end }) => ({ state, start: toWindow(start), end: toWindow(end) }));
}
