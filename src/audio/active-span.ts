// Where in a recording of one word the word is. Isolated words are told from the room by level alone, after a pre-emphasis
// that raises the weak hiss of "s" and "f" over hum.

/** A stretch of samples, from `start` up to and without `end`. */
export type Span = { start: number; end: number };

const HOP_SECONDS = 0.01;
const PRE_EMPHASIS = 0.8;
// Sound is what is at most 35 dB below the loudest frame, in a noisy recording what rises over a quarter of the way from the
// room's level to the loudest; and always what is at most 18 dB below it, since a clip cut close has no room to measure.
const LOWEST_DB = 35;
const ROOM_SHARE = 0.25;
const HIGHEST_DB = 18;
const ROOM_QUANTILE = 0.1;
// The pause before the t of "eight" is shorter; what lies farther off is another sound.
const LONGEST_PAUSE_SECONDS = 0.18;
// Shorter sounds beside a pause are clicks.
const SHORTEST_SOUND_SECONDS = 0.03;

/**
 * The part of a recording that holds its word: the sound around the loudest place, across pauses of up to 0.18 s.
 *
 * @param samples Mono, finite, one word.
 * @param options.sampleRate Hz, > 0.
 * @returns In whole steps of 10 ms but for the clip's end; all of the clip when nothing stands out, both 0 when it is empty.
 */
export function findActiveSpan(samples: Float32Array, options: { sampleRate: number }): Span {
  const { levels, runs, hop } = soundsIn(samples, options.sampleRate);
  const [first, last] = runsAroundLoudest(runs, levels, options.sampleRate / hop);
  return { start: first * hop, end: Math.min(samples.length, last * hop) };
}

/**
 * All parts of a recording that hold sound, across pauses of up to 0.18 s.
 *
 * @param samples Mono, finite.
 * @param options.sampleRate Hz, > 0.
 * @returns In their order, none within the longest pause of another; none where the recording is empty.
 */
export function findActiveSpans(samples: Float32Array, options: { sampleRate: number }): Span[] {
  const { runs, hop } = soundsIn(samples, options.sampleRate);
  const framesPerSecond = options.sampleRate / hop;
  const spans: Span[] = [];
  for (const [first, end] of runs) {
    if (end - first < SHORTEST_SOUND_SECONDS * framesPerSecond) continue;
    const span = { start: first * hop, end: Math.min(samples.length, end * hop) };
    const before = spans.at(-1);
    if (before && span.start - before.end <= LONGEST_PAUSE_SECONDS * options.sampleRate)
      before.end = span.end;
    else spans.push(span);
  }
  return spans;
}

function soundsIn(samples: Float32Array, sampleRate: number) {
  const hop = Math.max(1, Math.round(HOP_SECONDS * sampleRate));
  const levels = smooth(frameLevels(samples, hop));
  return { levels, hop, runs: soundRuns(levels, soundThreshold(levels)) };
}

/** Level of each frame in dB after pre-emphasis. */
function frameLevels(samples: Float32Array, hop: number): Float64Array {
  const levels = new Float64Array(Math.ceil(samples.length / hop));
  for (let frame = 0; frame < levels.length; frame++) {
    const end = Math.min(samples.length, (frame + 1) * hop);
    let energy = 0;
    for (let i = frame * hop; i < end; i++) {
      energy += (samples[i]! - PRE_EMPHASIS * (samples[i - 1] ?? samples[i]!)) ** 2;
    }
    levels[frame] = 10 * Math.log10(energy / (end - frame * hop) + 1e-12);
  }
  return levels;
}

/** Each frame as the mean of itself, counted twice, and its neighbours. */
function smooth(levels: Float64Array): Float64Array {
  return levels.map((level, i) => (2 * level + (levels[i - 1] ?? level) + (levels[i + 1] ?? level)) / 4);
}

function soundThreshold(levels: Float64Array): number {
  const sorted = levels.toSorted();
  const [room, peak] = [sorted[Math.floor(ROOM_QUANTILE * sorted.length)]!, sorted.at(-1)!];
  const overRoom = room + ROOM_SHARE * (peak - room);
  return Math.min(peak - HIGHEST_DB, Math.max(peak - LOWEST_DB, overRoom));
}

type Run = readonly [first: number, end: number];

function soundRuns(levels: Float64Array, threshold: number): Run[] {
  const runs: Run[] = [];
  for (let frame = 0; frame < levels.length; frame++) {
    if (levels[frame]! < threshold) continue;
    const run = runs.at(-1);
    if (run?.[1] === frame) runs[runs.length - 1] = [run[0], frame + 1];
    else runs.push([frame, frame + 1]);
  }
  return runs;
}

function runsAroundLoudest(runs: readonly Run[], levels: Float64Array, framesPerSecond: number): Run {
  if (runs.length === 0) return [0, 0];
  const longestPause = LONGEST_PAUSE_SECONDS * framesPerSecond;
  const shortestSound = SHORTEST_SOUND_SECONDS * framesPerSecond;
  const loudest = levels.indexOf(levels.reduce((most, level) => Math.max(most, level), -Infinity));
  const middle = runs.findIndex(([first, end]) => first <= loudest && loudest < end);
  const sounds = runs.filter(([first, end], i) => i === middle || end - first >= shortestSound);
  let [first, end] = runs[middle]!;
  for (const [start, stop] of sounds) if (start >= end && start - end <= longestPause) end = stop;
  for (const [start, stop] of sounds.toReversed()) {
    if (stop <= first && first - stop <= longestPause) first = start;
  }
  return [first, end];
}
