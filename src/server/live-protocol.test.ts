import { describe, expect, it } from "vitest";
import { checkLiveEnd, readLiveSamples, readLiveStart } from "./live-protocol.ts";

describe("readLiveStart", () => {
  it("reads rate and format, and lets the token be", () => {
    const start = { sampleRate: 48000, format: "s16le" };
    const listening = { sampleRate: 48000 };
    expect(readLiveStart(JSON.stringify({ ...start, token: "a-token" }))).toEqual({ ...start, listening });
  });

  it("reads how to listen", () => {
    const audio = { sampleRate: 8000, format: "f32le" };
    const how = { expect: "numbers", length: "3-3-4", tentative: true };
    const { listening } = readLiveStart(JSON.stringify({ ...audio, ...how }));
    expect(listening).toEqual({ sampleRate: 8000, ...how });
    expect(readLiveStart(JSON.stringify({ ...audio, length: 4 })).listening.length).toBe("4");
  });

  it.each([
    [{}, "sampleRate must be a whole number of Hz in 4000..192000, got undefined"],
    [{ sampleRate: "8000", format: "f32le" }, 'got "8000"'],
    [{ sampleRate: 3999, format: "f32le" }, "got 3999"],
    [{ sampleRate: 192_001, format: "f32le" }, "got 192001"],
    [{ sampleRate: 8000.5, format: "f32le" }, "got 8000.5"],
    [{ sampleRate: 8000 }, 'format must be "f32le" or "s16le", got undefined'],
    [{ sampleRate: 8000, format: "f32be" }, 'got "f32be"'],
    [{ sampleRate: 8000, format: "f32le", token: 7 }, "token must be text"],
    [
      { sampleRate: 8000, format: "f32le", expect: "words" },
      'expect must be digits, numbers, any, got "words"',
    ],
    [{ sampleRate: 8000, format: "f32le", length: "ten" }, "length must be 1 to 32 digits"],
    [{ sampleRate: 8000, format: "f32le", length: null }, "length must be text or a number, got null"],
    [{ sampleRate: 8000, format: "f32le", tentative: 1 }, "tentative must be true or false, got 1"],
  ])("refuses %j", (message, words) => {
    expect(() => readLiveStart(JSON.stringify(message))).toThrow(
      expect.objectContaining({ code: "invalid-argument", message: expect.stringContaining(words) }),
    );
  });

  it("reads the speaker's voice, and lets nothing else be as large", () => {
    const audio = { sampleRate: 8000, format: "f32le" };
    const features = Array.from({ length: 192 }, (_, i) => (i === 0 ? 1 : 0));
    const take = { label: 7, features, weights: new Array(11).fill(0) };
    const voice = {
      format: "spoken-digits-voice",
      version: 1,
      name: "Ann",
      created: "2026-11-30T00:00:00Z",
      model: "0123abcd",
      reach: 0.5,
      caution: 0,
      takes: new Array(30).fill(take),
    };
    expect(readLiveStart(JSON.stringify({ ...audio, voice })).listening).toEqual({ sampleRate: 8000, voice });
    expect(() => readLiveStart(JSON.stringify({ ...audio, takes: voice.takes }))).toThrow(
      expect.objectContaining({ code: "request-malformed", message: expect.stringContaining("8192") }),
    );
    for (const wrong of [null, 7, JSON.stringify(voice), [], { ...voice, takes: [] }]) {
      expect(() => readLiveStart(JSON.stringify({ ...audio, voice: wrong }))).toThrow(
        expect.objectContaining({ code: "voice-format" }),
      );
    }
  });

  it.each(["", "hello", "[]", "null", "7", '"text"'])("refuses %j, which is no object", (text) => {
    expect(() => readLiveStart(text)).toThrow(expect.objectContaining({ code: "request-malformed" }));
  });
});

describe("checkLiveEnd", () => {
  it("takes the end alone", () => {
    expect(checkLiveEnd('{ "end": true }')).toBeUndefined();
    for (const text of ['{ "end": 1 }', "{}", "end", '{ "sampleRate": 8000 }']) {
      expect(() => checkLiveEnd(text)).toThrow(expect.objectContaining({ code: "request-malformed" }));
    }
  });
});

describe("readLiveSamples", () => {
  it("reads floats as they are and integers as -1..1, at any place in memory", () => {
    const bytes = new Uint8Array(9);
    new DataView(bytes.buffer).setFloat32(1, -0.25, true);
    new DataView(bytes.buffer).setFloat32(5, 2, true);
    expect(readLiveSamples(bytes.subarray(1), "f32le")).toEqual(Float32Array.of(-0.25, 2));
    new DataView(bytes.buffer).setInt16(3, -32768, true);
    new DataView(bytes.buffer).setInt16(5, 16384, true);
    expect(readLiveSamples(bytes.subarray(3, 7), "s16le")).toEqual(Float32Array.of(-1, 0.5));
  });

  it.each([
    ["f32le", 6],
    ["s16le", 3],
  ] as const)("refuses a cut sample of %s", (format, length) => {
    expect(() => readLiveSamples(new Uint8Array(length), format)).toThrow(
      expect.objectContaining({ code: "request-malformed" }),
    );
  });
});
