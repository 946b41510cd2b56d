// Several files in one request.

import { describe, expect, it } from "vitest";
import { ANSWER, json, standIn } from "../../test/support/client-stand-in.ts";

const FILE = Uint8Array.of(1, 2, 3);

describe("classifyAll", () => {
  it("sends all files in one form and returns an entry for each", async () => {
    const error = { code: "audio-damaged", message: "no" };
    const { client, requests } = standIn([json([ANSWER, { error }])]);
    const [first, second] = await client.classifyAll([FILE, Uint8Array.of(9)], { top: 1 });
    expect(first).toEqual(ANSWER);
    expect(second).toMatchObject({ error: { name: "AudioFormatError", ...error } });
    const files = (requests[0]!.init.body as FormData).getAll("file") as Blob[];
    expect(
      await Promise.all(files.map(async (file) => [...new Uint8Array(await file.arrayBuffer())])),
    ).toEqual([[1, 2, 3], [9]]);
    expect(requests[0]!.url).toContain("?top=1");
  });

  it("returns a list for one file too, also where it cannot be used", async () => {
    const { client } = standIn([json(ANSWER), json({ code: "audio-empty", message: "" }, 400)]);
    expect(await client.classifyAll([FILE])).toEqual([ANSWER]);
    expect(await client.classifyAll([FILE])).toEqual([
      { error: expect.objectContaining({ code: "audio-empty" }) },
    ]);
  });

  it("throws what concerns the request and not a file", async () => {
    const unauthorised = json({ code: "request-unauthorised", message: "no token" }, 401);
    const { client } = standIn([unauthorised]);
    await expect(client.classifyAll([FILE])).rejects.toMatchObject({
      name: "RequestError",
      code: "request-unauthorised",
    });
  });

  it("refuses an empty list", async () => {
    const { client } = standIn([]);
    await expect(client.classifyAll([])).rejects.toMatchObject({ code: "invalid-argument" });
  });
});

describe("transcribeAll", () => {
  const TRANSCRIPT = { digits: "42", confidence: 0.9, events: [], alternatives: [], durationMs: 900, ms: 30 };

  it("sends all files in one form and returns an entry for each", async () => {
    const error = { code: "audio-damaged", message: "no" };
    const { client, requests } = standIn([json([TRANSCRIPT, { error }])]);
    const [first, second] = await client.transcribeAll([FILE, Uint8Array.of(9)], { expect: "digits" });
    expect(first).toEqual(TRANSCRIPT);
    expect(second).toMatchObject({ error: { name: "AudioFormatError", ...error } });
    expect((requests[0]!.init.body as FormData).getAll("file")).toHaveLength(2);
    expect(requests[0]!.url).toContain("api/transcribe?expect=digits");
  });

  it("returns a list for one file too, also where it cannot be used, and refuses an empty one", async () => {
    const { client } = standIn([json(TRANSCRIPT), json({ code: "audio-empty", message: "" }, 400)]);
    expect(await client.transcribeAll([FILE])).toEqual([TRANSCRIPT]);
    expect(await client.transcribeAll([FILE])).toEqual([
      { error: expect.objectContaining({ code: "audio-empty" }) },
    ]);
    await expect(client.transcribeAll([])).rejects.toMatchObject({ code: "invalid-argument" });
  });
});
