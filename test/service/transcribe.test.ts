import { OpenAI } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { transcribeRecording } from "../../src/index.ts";
import { blobOf, failureOf, formOf, type Service, sample, spoken, startService } from "./service-fixture.ts";

const TOKEN = "openai-like-token-0123456789";

let service: Service;
let number: Uint8Array;

beforeAll(async () => {
  [service, number] = [await startService({ token: TOKEN }), await spoken("451")];
});
afterAll(() => service.close());

type Reply = { digits: string; durationMs: number; error: { code: string } };

const jsonOf = async (response: Promise<Response>) => (await (await response).json()) as Reply & Reply[];
const ask = (path: string, body: Blob | FormData) =>
  service.ask(path, { method: "POST", body, headers: { authorization: `Bearer ${TOKEN}` } });

describe("POST /api/transcribe", () => {
  test("gives the digits with their times, as the library does", async () => {
    const expected = await transcribeRecording(number);
    const reply = await jsonOf(ask("/api/transcribe", blobOf(number)));
    expect(reply).toMatchObject(expected);
    expect(reply.digits).toBe("451");
    expect(reply.durationMs).toBeGreaterThan(2000);
  });

  test("answers several files in their order, errors among them", async () => {
    const reply = await jsonOf(ask("/api/transcribe", formOf([number, new Uint8Array([1, 2, 3])])));
    expect(reply[0]!.digits).toBe("451");
    expect(reply[1]!.error.code).toBe("audio-unrecognised");
  });

  test("listens for digits alone and lists other strings, where it is asked to", async () => {
    const options = { expect: "digits", length: "3", alternatives: 2 } as const;
    const reply = await jsonOf(ask("/api/transcribe?expect=digits&length=3&alternatives=2", blobOf(number)));
    expect(reply).toMatchObject(await transcribeRecording(number, options));
    expect(await failureOf(await ask("/api/transcribe?length=three", blobOf(number)))).toBe(
      "invalid-argument",
    );
  });

  test("refuses a threshold out of range and an unknown option", async () => {
    expect(await failureOf(await ask("/api/transcribe?threshold=2", blobOf(number)))).toBe(
      "invalid-argument",
    );
    expect(await failureOf(await ask("/api/transcribe?nothing=2", blobOf(number)))).toBe("invalid-argument");
  });
});

describe("several digits sent to where one is expected", () => {
  test("are no digit, and the string says which they are", async () => {
    const reply = await jsonOf(ask("/api/classify", blobOf(number)));
    expect(reply).toMatchObject({ digit: null, none: "several-digits", string: "451" });
    const single = await jsonOf(ask("/api/classify", blobOf(sample(7))));
    expect(single).toMatchObject({ digit: 7, none: null, string: null });
  });

  test("are told in a header to clients of the Hugging Face protocol", async () => {
    const reply = await ask("/models/spoken-digits", blobOf(number));
    expect(reply.headers.get("x-several-digits")).toBe("451");
  });
});

describe("the official openai package", () => {
  const client = () => new OpenAI({ apiKey: TOKEN, baseURL: `${service.url}/v1`, maxRetries: 0 });
  const file = () => new File([new Uint8Array(number)], "number.wav");

  test("gets the text, in each format", async () => {
    const { transcriptions } = client().audio;
    expect((await transcriptions.create({ file: file(), model: "whisper-1" })).text).toBe("451");
    const text = await transcriptions.create({ file: file(), model: "any", response_format: "text" });
    expect(text).toBe("451\n");
  });

  test("gets the times of each digit in seconds", async () => {
    const reply = await client().audio.transcriptions.create({
      file: file(),
      model: "whisper-1",
      response_format: "verbose_json",
      timestamp_granularities: ["word"],
    });
    expect(reply.text).toBe("451");
    expect(reply.words!.map(({ word }) => word)).toEqual(["4", "5", "1"]);
    const { events } = await transcribeRecording(number);
    expect(reply.words!.map(({ start }) => 1000 * start)).toEqual(events.map(({ startMs }) => startMs));
    expect(reply.segments).toHaveLength(3);
  });

  test("is told of a format that is not offered, of no audio, and of a wrong token", async () => {
    const { transcriptions } = client().audio;
    await expect(
      transcriptions.create({ file: file(), model: "any", response_format: "srt" }),
    ).rejects.toMatchObject({ status: 400 });
    const text = new File(["no audio at all"], "a.wav");
    await expect(transcriptions.create({ file: text, model: "any" })).rejects.toMatchObject({
      status: 415,
      code: "audio-unrecognised",
      message: expect.stringMatching(/^415 .*(format|audio)/),
    });
    const stranger = new OpenAI({ apiKey: "wrong", baseURL: `${service.url}/v1`, maxRetries: 0 });
    await expect(stranger.audio.transcriptions.create({ file: file(), model: "any" })).rejects.toMatchObject({
      status: 401,
    });
  });

  test("needs a form with a file and known fields alone", async () => {
    const path = "/v1/audio/transcriptions";
    expect(await failureOf(await ask(path, blobOf(number)))).toBe("request-malformed");
    const empty = new FormData();
    empty.append("model", "any");
    expect(await failureOf(await ask(path, empty))).toBe("request-malformed");
    empty.append("colour", "blue");
    expect(await failureOf(await ask(path, empty))).toBe("request-malformed");
  });
});
