import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { madeUpModel } from "../../test/support/made-up-model.ts";
import { ModelFormatError } from "../errors.ts";
import { readOnnx } from "../graph/onnx-file.ts";
import { createRandom } from "../random.ts";
import { createClassifier } from "./classifier.ts";
import { readModelInfo } from "./model-metadata.ts";

const WHOLE = madeUpModel();

/** One of: bits flipped, cut, a stretch zeroed, a stretch repeated, or random bytes altogether. */
function damage(seed: number): Uint8Array {
  const random = createRandom(seed);
  const bytes = WHOLE.slice();
  const from = random.chance(0.5) ? random.integer(0, 4000) : random.integer(0, bytes.length);
  const to = Math.min(bytes.length, from + random.integer(1, 3000));
  const kinds = [
    () => {
      for (let i = 0; i < 1 + random.integer(0, 20); i++)
        bytes[random.integer(0, bytes.length)]! ^= 1 << random.integer(0, 8);
      return bytes;
    },
    () => bytes.slice(0, random.integer(0, bytes.length)),
    () => bytes.fill(0, from, to),
    () => bytes.copyWithin(to, from),
    () => Uint8Array.from({ length: random.integer(0, 2000) }, () => random.integer(0, 256)),
  ];
  return kinds[seed % kinds.length]!();
}

const same = (bytes: Uint8Array) =>
  bytes.length === WHOLE.length && bytes.every((byte, i) => byte === WHOLE[i]);

describe("damaged model files", () => {
  it("are all refused with a ModelFormatError before the runtime sees them", async () => {
    for (let seed = 0; seed < 1000; seed++) {
      const bytes = damage(seed);
      if (same(bytes)) continue;
      await expect(createClassifier(ort, bytes), `seed ${seed}`).rejects.toThrow(ModelFormatError);
    }
  });

  it("are read or refused by the reader itself, without the checksum's help", () => {
    let refused = 0;
    for (let seed = 0; seed < 1000; seed++) {
      try {
        readOnnx(damage(seed));
        readModelInfo(damage(seed));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(ModelFormatError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(400);
  });
});
