import { expect, it } from "vitest";
import { FileError, InvalidArgumentError } from "../errors.ts";
import { type AudioFile, bytesOf } from "./audio-file.ts";

const BYTES = new Uint8Array([1, 2, 3]);

it.each<[string, AudioFile]>([
  ["a Uint8Array", BYTES],
  ["a Buffer that is a view", Buffer.from([0, 1, 2, 3]).subarray(1)],
  ["an ArrayBuffer", BYTES.slice().buffer],
  ["a Blob", new Blob([BYTES])],
  ["a Response", new Response(BYTES)],
])("takes the bytes out of %s", async (_, file) => {
  expect([...(await bytesOf(file))]).toEqual([1, 2, 3]);
});

it("reads a path where there are paths", async () => {
  expect(await bytesOf("a.wav", async () => BYTES)).toBe(BYTES);
  await expect(bytesOf("a.wav")).rejects.toThrow(InvalidArgumentError);
});

it.each([undefined, null, 42, {}, [], true])("refuses %j", async (file) => {
  await expect(bytesOf(file as never, async () => BYTES)).rejects.toThrow(/must be a Blob.*or a path, got/);
});

it("names the reason where a file cannot be read", async () => {
  const file = { arrayBuffer: () => Promise.reject(new Error("it has gone")) };
  await expect(bytesOf(file)).rejects.toThrow(FileError);
});
