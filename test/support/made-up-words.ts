// Words of several speakers that stand for digits and other words in tests of streams: half a second with tones of their own,
// in a second of faint noise.

import type { WordClip } from "../../src/evaluation/clip-streams.ts";
import { createRandom } from "../../src/random.ts";

/**
 * Makes words.
 *
 * @param speakers How many; each says all ten digits and a word that is none.
 */
export function madeUpWords(speakers: number): WordClip[] {
  return Array.from({ length: speakers * 11 }, (_, i) => {
    const [speaker, word] = [Math.floor(i / 11), i % 11];
    return { samples: tones(word, speaker), digit: word < 10 ? word : null, speaker: `speaker ${speaker}` };
  });
}

function tones(word: number, speaker: number): Float32Array {
  const random = createRandom(word, speaker);
  const pitch = 1 + 0.02 * speaker;
  return Float32Array.from({ length: 8000 }, (_, n) => {
    const phase = (2 * Math.PI * pitch * n) / 8000;
    const isSpoken = n >= 2000 && n < 6000;
    const sound = isSpoken
      ? 0.3 * Math.sin(phase * (300 + 90 * word)) + 0.2 * Math.sin(phase * (2600 - 120 * word))
      : 0;
    return sound + 0.001 * random.normal();
  });
}
