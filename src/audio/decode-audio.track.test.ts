import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeAudio, decodeTrack } from "./decode-audio.ts";
import type { Packet } from "./track.ts";

const LIMITS = { name: "AAC", maxDurationMs: 60_000, maxSamples: 1e7 };
/** AAC LC at 16 kHz, mono. */
const CODEC = { kind: "aac", config: Uint8Array.of(0x14, 0x08) } as const;

test("gives up a track of nothing but damaged packets, however many there are", async () => {
  let count = 0;
  function* damaged(): Generator<Packet> {
    for (;;) {
      count += 1;
      yield { data: Uint8Array.of(0xff) };
    }
  }
  const decoded = decodeTrack({ codec: CODEC, packets: { [Symbol.iterator]: damaged } }, LIMITS);
  await expect(decoded).rejects.toMatchObject({
    code: "audio-damaged",
    message: expect.stringMatching(/none of the \d+ AAC packets can be decoded/),
  });
  expect(count).toBeLessThan(10_000);
});

test("goes on after thousands of damaged packets", async () => {
  const file = readFileSync(new URL("../../fixtures/audio/mono-16000.aac", import.meta.url));
  // A frame of 8 bytes, by the header of the file's first.
  const damaged = Uint8Array.from([
    ...file.subarray(0, 3),
    file[3]! & 0xfc,
    1,
    file[5]! & 0x1f,
    file[6]!,
    0xff,
  ]);
  const both = Buffer.concat([...Array.from({ length: 3000 }, () => damaged), file]);
  expect(await decodeAudio(both)).toEqual(await decodeAudio(file));
});
