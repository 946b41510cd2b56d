import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpModel, madeUpWeights } from "../../test/support/made-up-model.ts";
import { padToLength } from "../../test/support/pad-to-length.ts";
import { loudestWindow } from "../audio/loudest-window.ts";
import { AudioFormatError, FileError, InvalidArgumentError, ModelFormatError } from "../errors.ts";
import { Graph } from "../graph/graph.ts";
import { readOnnx, writeOnnx } from "../graph/onnx-file.ts";
import { loadClassifier } from "../load-models.ts";
import { createRandom } from "../random.ts";
import { buildModel } from "./build-model.ts";
import { type Classifier, createClassifier } from "./classifier.ts";
import { withChecksum } from "./model-file.ts";
import { encodeMetadata } from "./model-metadata.ts";

const RATE = { sampleRate: 8000 };
let classifier: Classifier;

beforeAll(async () => {
  classifier = await createClassifier(ort, madeUpModel());
});
afterAll(() => classifier.release());

/** Noise whose level swells in the middle, so that its loudest window is not at an end. */
function swell(length: number, seed = 1): Float32Array {
  const random = createRandom(seed, length);
  return Float32Array.from(
    { length },
    (_, n) => 0.3 * random.normal() * Math.exp(-(((n - 0.6 * length) / (0.3 * length)) ** 2)),
  );
}

describe("classify", () => {
  it("answers with ten probabilities that sum to 1 with that of none, the best of them as confidence", async () => {
    const { probs, noneProb, confidence, topDigit, ms } = await classifier.classify(swell(4000), RATE);
    expect(probs).toHaveLength(10);
    expect(probs.reduce((sum, p) => sum + p, noneProb)).toBeCloseTo(1, 6);
    expect(confidence).toBe(Math.max(...probs));
    expect(probs[topDigit]).toBe(confidence);
    expect(ms).toBeGreaterThan(0);
  });

  it("shows what the net saw where it is asked to, and nothing of it elsewhere", async () => {
    const { logMel } = await classifier.classify(swell(4000), { ...RATE, logMel: true });
    expect(logMel!.data).toHaveLength(logMel!.nMels * logMel!.nFrames);
    expect(await classifier.classify(swell(4000), RATE)).not.toHaveProperty("logMel");
  });

  it.each([1, 2, 127, 128, 4001, 8191, 8192, 8193, 8320, 20_001, 100_000])(
    "looks at the padded or loudest window of %i samples as audio/ picks it",
    async (length) => {
      const samples = swell(length);
      const window = padToLength(loudestWindow(samples, { length: 8192 }), 8192);
      const [whole, alone] = [
        await classifier.classify(samples, { ...RATE, logMel: true }),
        await classifier.classify(window, { ...RATE, logMel: true }),
      ];
      whole.logMel!.data.forEach((value, i) => {
        expect(value).toBeCloseTo(alone.logMel!.data[i]!, 4);
      });
    },
  );

  it("resamples what is not at 8 kHz", async () => {
    const tone = (sampleRate: number) =>
      Float32Array.from(
        { length: sampleRate / 2 },
        (_, n) => 0.5 * Math.sin((2 * Math.PI * 700 * n) / sampleRate),
      );
    const [plain, fast] = [
      await classifier.classify(tone(8000), RATE),
      await classifier.classify(tone(44100), { sampleRate: 44100 }),
    ];
    fast.probs.forEach((p, digit) => {
      expect(p).toBeCloseTo(plain.probs[digit]!, 2);
    });
  });

  it("calls digital silence and one step of 16-bit noise silence, and never gives a digit for them", async () => {
    for (const samples of [
      new Float32Array(1),
      new Float32Array(9000),
      swell(9000).map((s) => Math.sign(s) / 32768),
    ]) {
      const { digit, none, probs } = await classifier.classify(samples, RATE);
      expect({ digit, none }).toEqual({ digit: null, none: "silence" });
      expect(probs.every(Number.isFinite)).toBe(true);
    }
  });

  it("rejects no samples, samples that are not finite, and a senseless rate", async () => {
    await expect(classifier.classify(new Float32Array(0), RATE)).rejects.toThrow(
      new AudioFormatError("audio-no-samples", "classify: there are no samples"),
    );
    await expect(classifier.classify(Float32Array.of(0, Number.NaN), RATE)).rejects.toMatchObject({
      code: "audio-non-finite",
    });
    await expect(classifier.classify(swell(100), { sampleRate: 0 })).rejects.toThrow(InvalidArgumentError);
  });
});

describe("classifyBatch", () => {
  it("gives each clip the answer it gets alone, whatever their lengths and number", async () => {
    const clips = Array.from({ length: 70 }, (_, i) => swell(i % 3 === 0 ? 12_000 : 3000 + 50 * i, i));
    const batch = await classifier.classifyBatch(clips, RATE);
    expect(batch).toHaveLength(70);
    for (const i of [0, 1, 33, 69]) {
      const alone = await classifier.classify(clips[i]!, RATE);
      batch[i]!.probs.forEach((p, digit) => {
        expect(p).toBeCloseTo(alone.probs[digit]!, 4);
      });
    }
  });

  it("gives no answers to no clips", async () => {
    expect(await classifier.classifyBatch([], RATE)).toEqual([]);
  });
});

describe("the threshold", () => {
  it("turns a digit that is not sure enough into none, for that reason", async () => {
    const strict = await createClassifier(ort, madeUpModel(), { threshold: 0.999 });
    const answer = await strict.classify(swell(4000), RATE);
    expect(answer.digit).toBeNull();
    expect(["uncertain", "not-a-digit"]).toContain(answer.none);
    await strict.release();
  });

  it("must be 0..1", async () => {
    await expect(createClassifier(ort, madeUpModel(), { threshold: 1.5 })).rejects.toThrow(
      /threshold must be 0..1, strict, balanced, lenient, got 1.5/,
    );
  });
});

describe("a model file", () => {
  it("carries its description", () => {
    expect(classifier.info).toMatchObject({
      architecture: "compact",
      sampleRate: 8000,
      threshold: 0,
      parameterCount: 687_275,
      trainingData: "nothing",
      training: { steps: 0 },
      accuracy: { "a test": 0.1 },
    });
  });

  it("has the documented inputs and outputs, all open in the batch", () => {
    const { inputs, outputs } = readOnnx(madeUpModel());
    expect(inputs).toEqual([{ name: "input_values", shape: ["batch", "samples"] }]);
    expect(outputs).toEqual([
      { name: "logits", shape: ["batch", 11] },
      { name: "log_mel", shape: ["batch", 64, 64] },
    ]);
  });

  const foreign = () => {
    const graph = new Graph();
    graph.output("y", graph.input("x", [1]));
    return graph;
  };
  const ours = { format: "spoken-digits", format_version: "1" };
  const REFUSED: [string, () => Uint8Array, RegExp][] = [
    ["is empty", () => new Uint8Array(), /0 bytes without the checksum/],
    ["is a web page", () => new TextEncoder().encode("<!doctype html><p>Not found"), /without the checksum/],
    ["was cut", () => madeUpModel().slice(0, 500_000), /without the checksum/],
    [
      "has one bit flipped",
      () => madeUpModel().map((byte, i) => (i === 300_000 ? byte ^ 1 : byte)),
      /damaged/,
    ],
    ["is another program's", () => withChecksum(writeOnnx(foreign())), /not one that spoken-digits wrote/],
    [
      "hears streams",
      () => withChecksum(writeOnnx(foreign(), { metadata: { format: "spoken-digits-stream" } })),
      /use it with transcribe or listen/,
    ],
    [
      "is a checkpoint",
      () => withChecksum(writeOnnx(foreign(), { metadata: { format: "spoken-digits-checkpoint" } })),
      /go on from it with train --from/,
    ],
    [
      "is of a later layout",
      () => withChecksum(writeOnnx(foreign(), { metadata: { ...ours, format_version: "9" } })),
      /version must be 1, got 9/,
    ],
    [
      "has other inputs",
      () => withChecksum(writeOnnx(foreign(), { metadata: ours })),
      /inputs must be input_values, got x/,
    ],
  ];
  it.each(REFUSED)("is refused when it %s", async (_, bytes, message) => {
    const made = createClassifier(ort, bytes());
    await expect(made).rejects.toThrow(ModelFormatError);
    await expect(made).rejects.toThrow(message);
  });

  it("is refused when its metadata is damaged", async () => {
    const graph = new Graph();
    const x = graph.input("input_values", ["batch", "samples"]);
    graph.output("logits", x);
    graph.output("log_mel", x);
    const whole = encodeMetadata({
      architecture: "compact",
      threshold: 0.5,
      trainingData: "",
      training: {},
      accuracy: {},
    });
    for (const [key, value] of [
      ["labels", "["],
      ["threshold", "2"],
      ["sample_rate", "16000"],
      ["accuracy", "no"],
    ] as const) {
      const bytes = withChecksum(writeOnnx(graph, { metadata: { ...whole, [key]: value } }));
      await expect(createClassifier(ort, bytes), key).rejects.toThrow(ModelFormatError);
    }
  });

  it("cannot be built from weights that are missing or of another shape", () => {
    const metadata = {
      architecture: "compact",
      threshold: 0.5,
      trainingData: "",
      training: {},
      accuracy: {},
    } as const;
    const weights = new Map(madeUpWeights());
    weights.set("classes.bias", { shape: [3], data: new Float32Array(3) });
    expect(() => buildModel(weights, metadata)).toThrow('weight "classes.bias" must be [11], got [3]');
    weights.delete("classes.bias");
    expect(() => buildModel(weights, metadata)).toThrow(
      new ModelFormatError('model: there is no weight "classes.bias"'),
    );
  });

  it("is refused when it answers with numbers that are not finite", async () => {
    const weights = new Map(madeUpWeights());
    weights.set("classes.bias", { shape: [11], data: new Float32Array(11).fill(Number.NaN) });
    const metadata = {
      architecture: "compact",
      threshold: 0.5,
      trainingData: "",
      training: {},
      accuracy: {},
    } as const;
    const broken = await createClassifier(ort, buildModel(weights, metadata));
    await expect(broken.classify(swell(4000), RATE)).rejects.toThrow(/not finite/);
    await broken.release();
  });
});

it("loadClassifier names a file that is not there", async () => {
  await expect(loadClassifier({ model: "no/such.onnx" })).rejects.toThrow(
    new FileError("model file no/such.onnx: there is none"),
  );
});

it("release may be called twice", async () => {
  const short = await createClassifier(ort, madeUpModel());
  await short.release();
  await expect(short.release()).resolves.toBeUndefined();
});
