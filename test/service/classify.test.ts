import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import { classifyRecording, transcribeRecording } from "../../src/index.ts";
import { loadClassifier, loadStreamModel } from "../../src/load-models.ts";
import { teachVoice } from "../../src/model/teach-voice.ts";
import {
  failureOf,
  formOf,
  libraryAnswer,
  ROOT,
  type Service,
  sample,
  startService,
} from "./service-fixture.ts";

type Reply = {
  digit: number | null;
  confidence: number;
  probs: number[];
  noneProb: number;
  none: string | null;
};
type TopReply = Reply & { top: { digit: number; confidence: number }[] };

const FILES = ["samples", "audio"].flatMap((folder) =>
  readdirSync(join(ROOT, "fixtures", folder))
    .filter((name) => !name.endsWith(".md"))
    .map((name) => join(ROOT, "fixtures", folder, name)),
);

let service: Service;

beforeAll(async () => {
  service = await startService({ maxFiles: "64" });
});
afterAll(() => service.close());

describe("the same probabilities as the command line and the library", () => {
  test("for every fixture, as a body and in a form", async () => {
    const fromService = await Promise.all(FILES.map((file) => probsOfBody(readFileSync(file))));
    const form = await service.classify(FILES.map((file) => new Uint8Array(readFileSync(file))));
    const fromForm = ((await form.json()) as (Reply & { error?: { code: string } })[]).map(probsOrCode);
    expect(fromForm).toEqual(fromService);
    expect(await probsOfLibrary()).toEqual(fromService);
    expect(probsOfCommandLine()).toEqual(fromService);
  });

  async function probsOfBody(bytes: Uint8Array): Promise<unknown> {
    const reply = (await (await service.classify(bytes)).json()) as Reply & { code?: string };
    return reply.code ?? reply.probs;
  }

  function probsOfLibrary(): Promise<unknown[]> {
    return Promise.all(
      FILES.map((file) =>
        libraryAnswer(new Uint8Array(readFileSync(file))).then(
          ({ probs }) => probs,
          ({ code }: { code: string }) => code,
        ),
      ),
    );
  }

  function probsOfCommandLine(): unknown[] {
    execFileSync(process.execPath, [join(ROOT, "scripts", "build.js")]);
    const args = [join(ROOT, "dist", "cli.js"), "predict", "--json", ...FILES];
    const lines = execFileSync("sh", ["-c", '"$@" || true', "sh", process.execPath, ...args], {
      encoding: "utf8",
    });
    return lines
      .trim()
      .split("\n")
      .map((line) => probsOrCode(JSON.parse(line)));
  }

  function probsOrCode(reply: Reply & { error?: { code: string } }): unknown {
    return reply.error?.code ?? reply.probs;
  }
});

describe("POST /api/classify", () => {
  test("answers a body, whatever its content type", async () => {
    for (const type of ["audio/wav", "application/json", "text/plain", "audio/x-unknown", undefined]) {
      const response = await service.ask("/api/classify", {
        method: "POST",
        body: new Blob([new Uint8Array(sample(7))]),
        headers: type === undefined ? {} : { "content-type": type },
      });
      expect(response.status, type).toBe(200);
      expect(await response.json()).toMatchObject(await expected(7));
    }
  });

  test("answers a chunked body", async () => {
    const bytes = sample(3);
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 1000) controller.enqueue(bytes.slice(at, at + 1000));
        controller.close();
      },
    });
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    expect(await (await service.ask("/api/classify", init)).json()).toMatchObject(await expected(3));
  });

  test("has probabilities that sum to 1", async () => {
    const { probs, noneProb, confidence } = (await (await service.classify(sample(9))).json()) as Reply;
    expect(probs).toHaveLength(10);
    expect(probs.reduce((sum, p) => sum + p, noneProb)).toBeCloseTo(1, 6);
    expect(Math.max(...probs)).toBe(confidence);
  });

  test("answers one file of a form with an object", async () => {
    expect(await (await service.classify([sample(4)])).json()).toMatchObject(await expected(4));
  });

  test("answers several files with a list in their order, the faults among them", async () => {
    const text = new TextEncoder().encode("no audio at all");
    const response = await service.classify([sample(1), text, sample(2)]);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject([
      await expected(1),
      { error: { code: "audio-unrecognised" } },
      await expected(2),
    ]);
  });

  test("lists as many digits as `top` asks for, the likeliest first", async () => {
    const reply = (await (await service.classify(sample(7), "?top=3")).json()) as TopReply;
    expect(reply.top).toHaveLength(3);
    const { topDigit: digit, confidence } = await libraryAnswer(sample(7));
    expect(reply.top[0]).toEqual({ digit, confidence });
    expect(reply.top.map(({ confidence }) => confidence)).toEqual(
      [...reply.probs].sort((a, b) => b - a).slice(0, 3),
    );
    expect((await (await service.classify(sample(7))).json()) as TopReply).not.toHaveProperty("top");
  });

  test.each([
    ["trim", "?trim=false", { trim: false }],
    ["denoise", "?denoise=true", { denoise: true }],
  ])("does as %s says", async (_name, query, options) => {
    const bytes = sample(5);
    const [with_, without] = [await libraryAnswer(bytes, options), await libraryAnswer(bytes)];
    expect(with_.probs).not.toEqual(without.probs);
    expect(((await (await service.classify(bytes, query)).json()) as Reply).probs).toEqual(with_.probs);
  });

  test("says why there is no digit", async () => {
    const silence = sample(0).fill(0, 44);
    expect(await (await service.classify(silence)).json()).toMatchObject({ digit: null, none: "silence" });
  });

  test.each([
    ["an empty body", new Uint8Array(), "audio-empty"],
    ["text", new TextEncoder().encode("hello, this is text"), "audio-unrecognised"],
    ["MIDI", new TextEncoder().encode("MThd\0\0\0\x06\0\x01\0\x01\0\x60"), "audio-unsupported"],
    ["a WAV cut within its header", sample(8).slice(0, 30), "audio-truncated"],
    ["a WAV without samples", sample(8).slice(0, 44).fill(0, 40, 44), "audio-no-samples"],
    ["a WAV whose header contradicts itself", damagedHeader(), "audio-damaged"],
    ["a WAV with a sample that is no number", nonFinite(), "audio-non-finite"],
  ])("refuses %s", async (_name, bytes, expected) => {
    expect(await failureOf(await service.classify(bytes))).toBe(expected);
  });

  test("answers a request without a body as an empty one", async () => {
    expect(await failureOf(await service.ask("/api/classify", { method: "POST" }))).toBe("audio-empty");
  });

  test.each(["?trim=maybe", "?top=0", "?top=11", "?top=x", "?tirm=true", "?denoise=2"])(
    "refuses %s",
    async (query) => {
      expect(await failureOf(await service.classify(sample(1), query))).toBe("invalid-argument");
    },
  );

  test("refuses a form without files, with other fields, or that is none", async () => {
    expect(await failureOf(await service.classify([]))).toBe("request-malformed");
    const form = formOf([sample(1)]);
    form.append("trim", "false");
    const withField = await service.ask("/api/classify", { method: "POST", body: form });
    expect(await failureOf(withField)).toBe("request-malformed");
    for (const [type, body] of [
      ["multipart/form-data", "x"],
      ["multipart/form-data; boundary=b", "--b\r\nnonsense"],
      [
        "multipart/form-data; boundary=b",
        "--b\r\ncontent-disposition: form-data; name=a; filename=b\r\n\r\ncut",
      ],
    ] as const) {
      const headers = { "content-type": type };
      const response = await service.ask("/api/classify", { method: "POST", body, headers });
      expect(await failureOf(response), body).toBe("request-malformed");
    }
  });
});

describe("a voice profile in the form", () => {
  async function askWith(voice: string, path = "/api/classify"): Promise<Response> {
    const form = formOf([sample(7)]);
    form.append("voice", voice);
    return service.ask(path, { method: "POST", body: form });
  }

  test("gives the answer that the library gives with it, and none to the request after it", async () => {
    const classifier = await loadClassifier();
    const take = { ...(await decodeAudio(sample(7))), label: 7 };
    const { profile } = await teachVoice(classifier, [take]);
    const { probs } = await classifyRecording(sample(7), { classifier: classifier.withVoice(profile) });
    expect(((await (await askWith(JSON.stringify(profile))).json()) as Reply).probs).toEqual(probs);
    expect(await (await service.classify(sample(7))).json()).toMatchObject(await expected(7));
    const otherModel = JSON.stringify({ ...profile, model: "00000000" });
    expect(await failureOf(await askWith(otherModel))).toBe("voice-format");
    await classifier.release();
  });

  test("is used for numbers as well", async () => {
    const [classifier, streamModel] = await Promise.all([loadClassifier(), loadStreamModel()]);
    const take = { ...(await decodeAudio(sample(7))), label: 7 };
    const { profile } = await teachVoice(classifier, [take], { streamModel });
    const { events } = await transcribeRecording(sample(7), { streamModel: streamModel.withVoice(profile) });
    expect(await (await askWith(JSON.stringify(profile), "/api/transcribe")).json()).toMatchObject({
      events,
    });
    const stream = { ...profile.stream, model: "00000000" };
    const otherModel = JSON.stringify({ ...profile, stream });
    expect(await failureOf(await askWith(otherModel, "/api/transcribe"))).toBe("voice-format");
    await Promise.all([classifier.release(), streamModel.release()]);
  });

  test.each(["", "{", "[]", "x".repeat(2 ** 20 + 1)])("is refused where it is none", async (voice) => {
    expect(await failureOf(await askWith(voice))).toBe("voice-format");
  });
});

/** The part of an answer that has to be as the library has it. */
async function expected(digit: number): Promise<Reply> {
  const { digit: answer, confidence, none, probs, noneProb } = await libraryAnswer(sample(digit));
  return { digit: answer, confidence, none, probs, noneProb };
}

function damagedHeader(): Uint8Array {
  const bytes = sample(6);
  new DataView(bytes.buffer).setUint32(24, 0, true); // a sample rate of 0 Hz
  return bytes;
}

function nonFinite(): Uint8Array {
  const bytes = new Uint8Array(readFileSync(join(ROOT, "fixtures", "audio", "float-32.wav")));
  new DataView(bytes.buffer).setFloat32(bytes.length - 400, Number.NaN, true);
  return bytes;
}
