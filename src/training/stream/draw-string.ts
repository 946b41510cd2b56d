// One training window: sounds in a row at one pace, by one voice, through one channel, with noise, at some level.

import { changeTempo } from "../../audio/change-tempo.ts";
import { activePower } from "../../audio/level.ts";
import { createSpeedChanger, type SpeedChanger } from "../../audio/speed-change.ts";
import { OH_WORD, OTHER_SPEECH, STREAM_WINDOW } from "../../live/stream-net.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import { chooseWeighted, drawLogUniform, type Random } from "../../random.ts";
import { addAtSnrInPlace, damageInPlace } from "../arithmetic/augment-waveform.ts";
import { createFluentDrawer, type FluentPace } from "./draw-fluent.ts";
import { isDigitState, type PlacedDigit, type StateStretch, stateStretches } from "./stream-targets.ts";
import { createStringChannel, type StringChannel } from "./string-channel.ts";
import type { Sound, StringSource } from "./string-source.ts";

/** Draws training windows; its buffers are its own and reused. */
export type StringDrawer = {
  /**
   * @param random Decides everything; the same stream gives the same bits.
   * @param out Filled, [STREAM_WINDOW]: finite, within -1..1.
   * @returns The states of the digits in it, in their order, and other speech; their ends may lie outside.
   */
  drawInto(random: Random, out: Float32Array): StateStretch[];
};

/** What all sounds of a window have in common. */
type Pace = { rate: number; speed: number; gapMs: readonly [number, number]; trim: number };
type Rendered = { samples: Float32Array; start: number; end: number };

// Four times as fast as the default, and good enough to train on.
const QUICK_SEARCH = { searchMs: 6, searchStep: 2 };
// How much of its recording is kept before and after a word, where there is room for it.
const LONGEST_MARGIN = 800;
// Cuts are faded over 5 ms, or they would click.
const FADE = 40;
const EARLIEST_START = -4000;
/** Where in "zero" its "oh" begins, as a share of the word. */
const OH_BEGINS = [0.55, 0.75] as const;

/** Prepares the drawing of windows. @param source From `createStringSource`. */
export function createStringDrawer(source: StringSource): StringDrawer {
  const { settings, strings, noise } = source;
  const channel = createStringChannel(source);
  const speedChanger = createSpeedChanger();
  const fluent = createFluentDrawer(source.fluent);
  const weights = {
    ...strings.windowWeights,
    ...(!fluent.has("fluent") && { fluent: 0 }),
    ...(!fluent.has("sentence") && { sentence: 0 }),
  };
  const noiseWindow = new Float32Array(STREAM_WINDOW);
  return {
    drawInto(random, out) {
      out.fill(0);
      const kind = chooseWeighted(weights, random);
      channel.draw(random);
      const stretches =
        kind === "noise"
          ? []
          : kind === "fluent" || kind === "sentence"
            ? fluent.place({ kind, pace: drawFluentPace(source, random), channel, random }, out)
            : placeSounds({ source, channel, speedChanger, kind, random }, out);
      if (kind === "noise" || random.chance(settings.noiseProbability)) {
        noise.drawInto(noiseWindow, random);
        if (kind === "noise") out.set(noiseWindow);
        else addAtSnrInPlace(out, noiseWindow, random.uniform(...settings.snrDb));
      }
      if (random.chance(strings.streamStartShare)) silenceStartInPlace(stretches, random, out);
      damageInPlace(out, { settings, random });
      return stretches;
    },
  };
}

type Drawing = {
  source: StringSource;
  channel: StringChannel;
  speedChanger: SpeedChanger;
  kind: "string" | "speech";
  random: Random;
};

function placeSounds(drawing: Drawing, out: Float32Array): StateStretch[] {
  const { source, channel, random } = drawing;
  const voice = source.drawSpeaker(random);
  const pace = voice[0]?.isFluent ? drawFluentVoicePace(source, random) : drawPace(source, random);
  const nextSound = soundsInTurn(drawing, voice);
  const digits: PlacedDigit[] = [];
  const others: StateStretch[] = [];
  let gapBefore = LONGEST_MARGIN;
  for (let place = random.integer(EARLIEST_START, STREAM_WINDOW / 2); place < STREAM_WINDOW; ) {
    const sound = nextSound();
    const rendered = render(sound, paceOf(sound, pace, drawing), drawing.speedChanger);
    const { samples, start, end } = sound.digit === null ? rendered : trimmed(rendered, pace, random);
    const length = end - start;
    const gap = Math.max(-length / 3, (random.uniform(...pace.gapMs) * SAMPLE_RATE) / 1000);
    const gapAfter = Math.round(gap);
    const levelDb = random.uniform(-source.strings.wordLevelDb, source.strings.wordLevelDb);
    const { part, offset } = cutOut({ samples, start, end }, { gapBefore, gapAfter, levelDb });
    if (place + length > 0) {
      channel.add(part, place - offset, out);
      const span = { start: place, end: place + length };
      if (sound.digit === null) others.push({ state: OTHER_SPEECH, ...span });
      else digits.push({ digit: sound.digit, ...span });
    }
    place += length + gapAfter;
    gapBefore = gapAfter;
  }
  return [...stateStretches(digits), ...others];
}

function drawPace({ settings, strings }: StringSource, random: Random): Pace {
  const isTight = random.chance(strings.tightShare);
  const tempo = drawLogUniform(isTight ? strings.tightTempo : strings.tempo, random);
  const stretched = random.chance(strings.stretchedShare);
  const speed = drawLogUniform(settings.speed, random);
  const gapMs = isTight ? strings.tightGapMs : strings.looseGapMs;
  const trim = isTight ? strings.tightTrim : 0;
  // What is not stretched still has to be said at any rate: higher voices are then faster.
  return stretched
    ? { rate: tempo / speed, speed, gapMs, trim }
    : { rate: 1, speed: Math.sqrt(tempo) * speed, gapMs, trim };
}

/** Of digits cut out of fluent speech, which run together whatever their rate. */
const drawFluentVoicePace = (source: StringSource, random: Random): Pace => ({
  ...drawFluentPace(source, random),
  gapMs: source.strings.tightGapMs,
  trim: 0,
});

function drawFluentPace({ settings, strings }: StringSource, random: Random): FluentPace {
  const tempo = drawLogUniform(strings.fluentTempo, random);
  const stretched = random.chance(strings.stretchedShare);
  const speed = drawLogUniform(settings.speed, random);
  const pace = { gapMs: strings.fluentGapMs, levelDb: strings.wordLevelDb };
  return { ...pace, speed, rate: stretched ? tempo / speed : 1 };
}

/** Sounds that are no digit may have a speed of their own, prompts always do. */
function paceOf({ digit, isPrompt }: Sound, pace: Pace, { source, random }: Drawing): Pace {
  const { otherSpeedShare, otherSpeed, promptSpeed } = source.strings;
  if (isPrompt) {
    const speed = drawLogUniform(random.chance(0.5) ? promptSpeed.slower : promptSpeed.faster, random);
    return pace.rate === 1 ? { ...pace, speed } : { ...pace, speed, rate: (pace.rate * pace.speed) / speed };
  }
  if (digit !== null || !random.chance(otherSpeedShare)) return pace;
  return { ...pace, speed: Math.min(2, Math.max(0.5, pace.speed * drawLogUniform(otherSpeed, random))) };
}

function soundsInTurn({ source, kind, random }: Drawing, voice: readonly Sound[]): () => Sound {
  const { doubledShare, otherShare, ohShare } = source.strings;
  let last: Sound | undefined;
  return () => {
    if (kind === "speech" || random.chance(otherShare)) return source.drawOther(voice, random);
    const again = last && random.chance(doubledShare);
    const choice = again ? voice.filter(({ digit }) => digit === last?.digit) : voice;
    last = choice[random.integer(0, choice.length)]!;
    return last.digit === 0 && !last.isFluent && random.chance(ohShare) ? ohOf(last, random) : last;
  };
}

/** "Oh" as the end of "zero" has it: there are few recordings of that word. */
function ohOf({ samples, span }: Sound, random: Random): Sound {
  const from = Math.round(span.start + random.uniform(...OH_BEGINS) * (span.end - span.start));
  const oh = samples.subarray(from);
  return { samples: oh, span: { start: 0, end: span.end - from }, digit: OH_WORD };
}

/** The sound at a pace: stretched without the pitch, then sped up with it. */
function render({ samples, span }: Sound, { rate, speed }: Pace, speedChanger: SpeedChanger): Rendered {
  const first = Math.max(0, span.start - LONGEST_MARGIN);
  const near = samples.subarray(first, span.end + LONGEST_MARGIN);
  const stretched = rate === 1 ? near : changeTempo(near, { rate, ...QUICK_SEARCH });
  const sped = new Float32Array(Math.ceil(stretched.length / speed));
  speedChanger.changeInto(stretched, speed, sped);
  const [start, end] = [span.start - first, span.end - first].map((at) => Math.round(at / (rate * speed)));
  return { samples: sped, start: start!, end: Math.min(sped.length, end!) };
}

/** The word without a little of its ends, as fluent speech leaves them out. */
function trimmed({ samples, start, end }: Rendered, { trim }: Pace, random: Random): Rendered {
  if (trim === 0) return { samples, start, end };
  const most = trim * (end - start);
  const first = start + Math.round(random.uniform(0, most));
  const last = end - Math.round(random.uniform(0, most));
  return { samples: samples.subarray(0, last), start: first, end: last };
}

/** The word at unit power with up to half of the gaps on either side, faded at its edges, or across an overlap. */
function cutOut(
  { samples, start, end }: Rendered,
  { gapBefore, gapAfter, levelDb }: { gapBefore: number; gapAfter: number; levelDb: number },
): { part: Float32Array; offset: number } {
  const first = Math.max(0, start - Math.max(0, Math.floor(gapBefore / 2)));
  const last = Math.min(samples.length, end + Math.max(0, Math.floor(gapAfter / 2)));
  const part = samples.slice(first, last);
  const power = activePower(samples.subarray(start, end));
  const gain = power > 0 ? 10 ** (levelDb / 20) / Math.sqrt(power) : 0;
  const [fadeIn, fadeOut] = [Math.max(FADE, -gapBefore), Math.max(FADE, -gapAfter)];
  for (let i = 0; i < part.length; i++) {
    part[i]! *= gain * Math.min(1, (i + 0.5) / fadeIn, (part.length - i - 0.5) / fadeOut);
  }
  return { part, offset: start - first };
}

/** Nothing at all before some place between the window's start and the first digit. */
function silenceStartInPlace(stretches: StateStretch[], random: Random, out: Float32Array): void {
  const first = stretches.find(({ state }) => isDigitState(state))?.start ?? STREAM_WINDOW / 2;
  const latest = Math.floor(Math.min(STREAM_WINDOW / 2, first));
  if (latest <= 0) return;
  const end = random.integer(0, latest);
  out.fill(0, 0, end);
  for (const stretch of stretches)
    if (!isDigitState(stretch.state)) stretch.start = Math.max(stretch.start, end);
}
