import { describe, expect, it } from "vitest";
import type { Recording } from "./recording.ts";
import { readSpeechCommands } from "./speech-commands.ts";
import {
  speakerPart,
  splitBySpeakerHash,
  splitWordsAndSpeakers,
  UNSEEN_WORDS,
} from "./speech-commands-split.ts";

// Names in the style of the corpus, spread over the parts by the rule.
const SPEAKERS = Array.from({ length: 2000 }, (_, i) => (i * 2654435761).toString(16).slice(-8));

function makeRecording(options: Partial<Recording>): Recording {
  return { path: "", label: "none", speaker: "0a7c2a8d", corpus: "speech-commands", ...options };
}

const speakersOf = (recordings: readonly Recording[]) =>
  new Set(recordings.map((recording) => recording.speaker));

describe("speakerPart", () => {
  // Computed by Python: int(hashlib.sha1(name.encode()).hexdigest(), 16) % 2**27 * 100 / (2**27 - 1). Some are within
  // 0.0001 of a border.
  it.each([
    ["0a7c2a8d", "training"], // 56.84
    ["00b01445", "training"], // 93.06
    ["a5d485dc", "training"], // 23.08
    ["53d5b86f", "validation"], // 0.09
    ["0ab3b47d", "validation"], // 9.13
    ["00170f6d", "validation"], // 9.99995
    ["000e6141", "testing"], // 10.00001
    ["105a0eea", "testing"], // 19.55
    ["001234ee", "testing"], // 19.99997
    ["001741a2", "training"], // 20.00005
    ["Олена", "training"], // 82.22
    ["", "training"], // 98.05
  ])("puts %j into %s", (speaker, part) => {
    expect(speakerPart(speaker)).toBe(part);
  });

  it("puts about a tenth of many speakers into validation and into testing", () => {
    const parts = SPEAKERS.map(speakerPart);
    for (const part of ["validation", "testing"])
      expect(Math.abs(parts.filter((of) => of === part).length / SPEAKERS.length - 0.1)).toBeLessThan(0.03);
  });
});

describe("splitBySpeakerHash", () => {
  it("keeps a speaker in one part over all words, and each recording once", () => {
    const recordings = SPEAKERS.flatMap((speaker) => [
      makeRecording({ speaker, label: 3 }),
      makeRecording({ speaker, word: "bird" }),
    ]);
    const { training, validation, testing } = splitBySpeakerHash(recordings);
    expect(training.length + validation.length + testing.length).toBe(recordings.length);
    const all = [training, validation, testing].flatMap((part) => [...speakersOf(part)]);
    expect(new Set(all).size).toBe(all.length);
  });

  it("keeps the order within a part", () => {
    const recordings = [5, 3, 9].map((take) => makeRecording({ take }));
    expect(splitBySpeakerHash(recordings).training).toEqual(recordings);
  });
});

describe("splitWordsAndSpeakers", () => {
  it("keeps the unheard words out of every part, whoever says them", () => {
    const words = ["up", "down", "cat", "wow"];
    const recordings = SPEAKERS.flatMap((speaker) => words.map((word) => makeRecording({ speaker, word })));
    const { unseenWords, ...parts } = splitWordsAndSpeakers(recordings);
    const heard = Object.values(parts).flat();
    expect(new Set(unseenWords.map(({ word }) => word))).toEqual(new Set(["up", "cat"]));
    expect(new Set(heard.map(({ word }) => word))).toEqual(new Set(["down", "wow"]));
    expect(unseenWords.length + heard.length).toBe(recordings.length);
    expect(speakersOf(unseenWords).size).toBe(speakersOf(recordings).size);
  });

  it("holds out other words when told to, and never a digit", () => {
    const recordings = [
      makeRecording({ word: "wow" }),
      makeRecording({ word: "up" }),
      makeRecording({ label: 1 }),
    ];
    const { training, unseenWords } = splitWordsAndSpeakers(recordings, { unseenWords: ["wow", "one"] });
    expect(unseenWords).toEqual([recordings[0]]);
    expect(training).toEqual(recordings.slice(1));
  });
});

describe("UNSEEN_WORDS", () => {
  it("is every third of the words of version 0.02 that are not digits", () => {
    const words = (
      "backward bed bird cat dog down follow forward go happy house learn left marvin no off on right sheila stop " +
      "tree up visual wow yes"
    ).split(" ");
    expect(words).toHaveLength(25);
    expect(UNSEEN_WORDS).toEqual(words.filter((_, index) => index % 3 === 0));
  });
});

describe.skipIf(!process.env.SPOKEN_DIGITS_DATA)("Speech Commands in SPOKEN_DIGITS_DATA", () => {
  it("has no speaker in two parts and no held-out word in any", async () => {
    const { recordings } = await readSpeechCommands(process.env.SPOKEN_DIGITS_DATA!);
    const { unseenWords, ...parts } = splitWordsAndSpeakers(recordings);
    const all = Object.values(parts).flatMap((part) => [...speakersOf(part)]);
    expect(new Set(all).size).toBe(all.length);
    for (const { word } of Object.values(parts).flat()) expect(UNSEEN_WORDS).not.toContain(word);
    for (const { label } of unseenWords) expect(label).toBe("none");
    const paths = [unseenWords, ...Object.values(parts)].flat().map(({ path }) => path);
    expect(new Set(paths).size).toBe(recordings.length);
  });
});
