import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../audio/decode-audio.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import { loadClassifier, loadStreamModel } from "../../load-models.ts";
import type { Classifier } from "../../model/classifier.ts";
import { Teaching } from "./teaching.ts";

const bytesOf = async (digit: number) =>
  new Uint8Array(await readFile(new URL(`../../../fixtures/samples/${digit}.wav`, import.meta.url)));
const takeOf = async (digit: number, label = digit) => ({
  ...(await decodeAudio(await bytesOf(digit))),
  label,
});

describe("Teaching", () => {
  let classifier: Classifier;
  let streamModel: StreamModel;
  beforeAll(async () => {
    [classifier, streamModel] = await Promise.all([loadClassifier(), loadStreamModel()]);
  });
  afterAll(() => Promise.all([classifier.release(), streamModel.release()]));

  it("keeps takes with nothing wrong, and says at once what is wrong with others", async () => {
    const teaching = new Teaching(classifier, async () => streamModel);
    expect(await teaching.add(await takeOf(7))).toBeNull();
    expect(await teaching.add(await takeOf(3, 9))).toBe("wrong");
    expect(await teaching.add({ samples: new Float32Array(8000), sampleRate: 8000, label: 1 })).toBe(
      "silent",
    );
    expect(await teaching.add({ samples: new Float32Array(0), sampleRate: 8000, label: 1 })).toBe("silent");
    const profile = await teaching.finish("Ann");
    expect(profile.name).toBe("Ann");
    expect(profile.takes.map(({ label }) => label)).toEqual([7]);
    expect(profile.stream).toMatchObject({ model: streamModel.checksum });
  });

  it("learns from files, and from none refuses", async () => {
    const teaching = new Teaching(classifier, async () => streamModel);
    await expect(teaching.finish("Ann")).rejects.toThrow(/expected 1 to 200 takes, got 0/);
    await teaching.addFiles([
      { bytes: await bytesOf(0), label: 0 },
      { bytes: await bytesOf(5), label: 5 },
    ]);
    expect((await teaching.finish("Ann")).takes).toHaveLength(2);
  });
});
