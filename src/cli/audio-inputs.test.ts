import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { listAudioInputs } from "./audio-inputs.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spoken-digits-inputs-"));
  mkdirSync(join(folder, "calls"));
  for (const name of ["b.wav", "a.wav", "c.mp3", "[1].wav", "calls/d.wav"])
    writeFileSync(join(folder, name), "");
});
afterEach(() => rmSync(folder, { recursive: true }));

const list = async (...names: string[]) =>
  (await listAudioInputs(names.map((name) => join(folder, name)))).map((path) =>
    path.slice(folder.length + 1),
  );

it("finds what a pattern stands for, sorted", async () => {
  expect(await list("?.wav", "calls/*")).toEqual(["a.wav", "b.wav", join("calls", "d.wav")]);
  expect(await list("**/d.{wav,mp3}")).toEqual([join("calls", "d.wav")]);
});

it("takes a file whose name looks like a pattern for itself, and leaves a pattern without files as it is", async () => {
  expect(await list("[1].wav")).toEqual(["[1].wav"]);
  expect(await list("*.flac", "none.wav")).toEqual(["*.flac", "none.wav"]);
});
