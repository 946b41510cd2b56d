// A server of this package, running, for tests.

import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { expect } from "vitest";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import { encodeWav } from "../../src/audio/encode-wav.ts";
import type { PrepareOptions } from "../../src/audio/prepare-recording.ts";
import { ERROR_CODES, type ErrorCode } from "../../src/errors.ts";
import { classifyRecording } from "../../src/index.ts";
import { loadClassifier } from "../../src/load-models.ts";
import type { Classifier } from "../../src/model/classifier.ts";
import type { RecordingPrediction } from "../../src/recordings/recordings.ts";
import { createServer } from "../../src/server/create-server.ts";
import { readSettings, type SettingTexts } from "../../src/server/settings.ts";

/** The checkout. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A running server. */
export type Service = {
  server: FastifyInstance;
  port: number;
  /** Without a slash at its end. */
  url: string;
  /** Sends a request to it. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Posts recordings: one as the body, several as a form. */
  classify(recordings: Uint8Array | readonly Uint8Array[], query?: string): Promise<Response>;
  close(): Promise<void>;
};

/**
 * Starts a server on a free port, without the page and with one thread.
 *
 * @param settings In place of these.
 * @param prepare Changes the server before it listens.
 */
export async function startService(
  settings: SettingTexts = {},
  prepare: (server: FastifyInstance) => void = () => undefined,
): Promise<Service> {
  const defaults = { port: "0", site: "none", workers: "1", logLevel: "silent" };
  const server = await createServer(readSettings({ ...defaults, ...settings }));
  prepare(server);
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const ask = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);
  return {
    server,
    port,
    url,
    ask,
    classify: (recordings, query = "") =>
      ask(`/api/classify${query}`, {
        method: "POST",
        body: recordings instanceof Uint8Array ? blobOf(recordings) : formOf(recordings),
      }),
    close: () => server.close(),
  };
}

/**
 * Reads a recording of a digit by a voice that took no part in training.
 *
 * @param digit 0 to 9.
 */
export function sample(digit: number): Uint8Array {
  return new Uint8Array(readFileSync(`${ROOT}fixtures/samples/${digit}.wav`));
}

/**
 * What the library says of a recording. Tests compare with it, so that they hold for any model.
 *
 * @param bytes The recording.
 * @param options As `classifyRecording` takes them.
 */
export async function libraryAnswer(
  bytes: Uint8Array,
  options: PrepareOptions = {},
): Promise<RecordingPrediction> {
  classifier ??= loadClassifier();
  return classifyRecording(bytes, { ...options, classifier: await classifier });
}

let classifier: Promise<Classifier> | undefined;

/**
 * Digits said one after another, 0.4 s apart.
 *
 * @param digits For example `451`.
 */
export async function spoken(digits: string): Promise<Uint8Array> {
  const pause = new Array<number>(3200).fill(0);
  const parts = [...pause];
  for (const digit of digits) parts.push(...(await decodeAudio(sample(Number(digit)))).samples, ...pause);
  return encodeWav(Float32Array.from(parts), { sampleRate: 8000 });
}

/** A recording that keeps a thread busy for a second and more: minutes of noise, to be denoised. */
export function longRecording(): Uint8Array {
  let state = 1;
  const noise = Float32Array.from({ length: 8000 * 55 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  });
  return encodeWav(noise, { sampleRate: 8000 });
}

/**
 * A form with files.
 *
 * @param files Their bytes.
 */
export function formOf(files: readonly Uint8Array[]): FormData {
  const form = new FormData();
  for (const [i, bytes] of files.entries()) form.append("file", blobOf(bytes), `my secret name ${i}.wav`);
  return form;
}

/** A recording as the body of a request. @param bytes The file. */
export function blobOf(bytes: Uint8Array): Blob {
  return new Blob([new Uint8Array(bytes)]);
}

/**
 * What a request came to.
 *
 * @param response Any; its body is read.
 * @returns The code of the error, whose status has to be that of the table; `answered` for a success.
 */
export async function failureOf(response: Response): Promise<ErrorCode | "answered"> {
  const body = (await response.json()) as { code: ErrorCode; message: string };
  if (response.ok) return "answered";
  // Clients of OpenAI's API look for it under `error`.
  const isOpenAi = new URL(response.url).pathname.startsWith("/v1/");
  expect(Object.keys(body)).toEqual(["code", "message", ...(isOpenAi ? ["error"] : [])]);
  expect(ERROR_CODES[body.code].httpStatus, body.code).toBe(response.status);
  return body.code;
}
