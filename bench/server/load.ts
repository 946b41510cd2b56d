// Requests over loopback, bounded in time: a second of speech as a WAV, classified again and again.

import autocannon from "autocannon";
import { encodeWav } from "../../src/audio/encode-wav.ts";
import { SAMPLE_RATE } from "../../src/model/log-mel.ts";
import { quantile } from "../measure.ts";
import type { Result } from "../result.ts";
import { readSampleClips } from "../sample-clips.ts";

/** How much is asked of a server. */
export type LoadOptions = {
  connections: number;
  /** How long, in seconds. */
  seconds: number;
  /** Requests a second over all connections. Default: each connection asks again as soon as it is answered. */
  rate?: number;
  /** A second of speech, 16 kB, or the same word in a file of 2.6 MB. Default: the second. */
  recording?: "second" | "large";
};

/** What became of the requests. */
export type Load = {
  /** Answers by status, in the order they came: how long each took, in ms. */
  times: Map<number, number[]>;
  /** Connections that broke and requests that were never answered. */
  errors: number;
  /** How long it went on, in seconds. */
  seconds: number;
};

/** The times are wanted as they are, not corrected for requests that could not be sent on time. */
const AS_MEASURED = { ignoreCoordinatedOmission: true };

/**
 * Loads a server.
 *
 * @param url Its address, with a slash at its end.
 * @param options See {@link LoadOptions}.
 */
export async function loadServer(url: string, options: LoadOptions): Promise<Load> {
  const times = new Map<number, number[]>();
  const body = await (options.recording === "large" ? wordAt192kHz() : secondOfSpeech());
  const start = performance.now();
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url: `${url}api/classify`,
        method: "POST",
        headers: { "content-type": "audio/wav" },
        body,
        connections: options.connections,
        duration: options.seconds,
        ...(options.rate === undefined ? {} : { overallRate: options.rate, ...AS_MEASURED }),
      },
      (error: unknown, finished) => (error ? reject(error) : resolve(finished)),
    );
    run.on("response", (_client, status, _bytes, ms) => {
      const known = times.get(status);
      if (known) known.push(ms);
      else times.set(status, [ms]);
    });
  });
  const seconds = (performance.now() - start) / 1000;
  return { times, errors: result.errors + result.timeouts, seconds };
}

/** How many answers had a status. @param load Any. @param status For example 200. */
export function countOf({ times }: Load, status: number): number {
  return times.get(status)?.length ?? 0;
}

/** A time that a share of the answers with a status kept, in ms. @param load With at least one of them. */
export function timeOf({ times }: Load, status: number, share: number): number {
  return quantile(times.get(status) ?? [Number.NaN], share);
}

/** A bundled recording in the middle of a second of silence: 16 kB. */
export async function secondOfSpeech(): Promise<Buffer> {
  const { samples } = (await readSampleClips())[7]!;
  const second = new Float32Array(SAMPLE_RATE);
  const word = samples.subarray(0, SAMPLE_RATE);
  second.set(word, Math.floor((SAMPLE_RATE - word.length) / 2));
  return Buffer.from(encodeWav(second, { sampleRate: SAMPLE_RATE }));
}

/** The same word in 6.8 s of silence at 192 kHz: 2.6 MB, most of them to be decoded and cut off. */
async function wordAt192kHz(): Promise<Buffer> {
  const { samples } = (await readSampleClips())[7]!;
  const sampleRate = 192_000;
  const ratio = sampleRate / SAMPLE_RATE;
  const large = Float32Array.from(
    { length: 6.8 * sampleRate },
    (_, i) => samples[Math.floor(i / ratio) - 3 * SAMPLE_RATE] ?? 0,
  );
  return Buffer.from(encodeWav(large, { sampleRate }));
}

/**
 * What should not be: connections that broke, and answers with other statuses.
 *
 * @param load Of {@link loadServer}.
 * @param expected The statuses that may be.
 */
export function failureResult({ times, errors }: Load, expected: readonly number[]): Result {
  const others = [...times].filter(([status]) => !expected.includes(status));
  const value = others.reduce((sum, [, list]) => sum + list.length, errors);
  return { name: "failed otherwise", value, unit: "requests", target: { atMost: 0 } };
}
