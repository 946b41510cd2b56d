// A client that behaves: one request at a time on a connection of its own, tried again a little later when it is refused.

import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { ROOT } from "../sample-clips.ts";

/** What came of all that a client asked. */
export type Experience = {
  /** From the first attempt to the answer, in ms; infinite where it gave up. */
  times: number[];
  /** Attempts that were refused or broken before an answer came. */
  refusals: number;
};

/** Time after which the client gives up, in ms. */
const GIVE_UP_MS = 10_000;

/** Wait before another attempt, and before the next question, in ms. */
const RETRY_DELAY_MS = 250;

type Attempt = () => Promise<boolean>;

/**
 * Asks again and again.
 *
 * @param attempt Whether it was answered; a rejection counts as a refusal.
 * @param signal Ends it.
 */
export async function askUntil(attempt: Attempt, signal: AbortSignal): Promise<Experience> {
  const experience: Experience = { times: [], refusals: 0 };
  while (!signal.aborted) {
    const start = performance.now();
    let isAnswered = false;
    while (!isAnswered && performance.now() - start < GIVE_UP_MS) {
      isAnswered = await attempt().catch(() => false);
      if (isAnswered) break;
      experience.refusals += 1;
      await delay(RETRY_DELAY_MS);
    }
    experience.times.push(isAnswered ? performance.now() - start : Number.POSITIVE_INFINITY);
    await delay(RETRY_DELAY_MS);
  }
  return experience;
}

/** Classifies a recording. @param url Of the server, with a slash at its end. */
export function classifyAttempt(url: string): Attempt {
  const body = readFileSync(`${ROOT}fixtures/samples/6.wav`);
  return () => ask(`${url}api/classify`, body);
}

/** Asks for an address. @param address The whole of it. */
export function getAttempt(address: string): Attempt {
  return () => ask(address);
}

/** Begins a live session and ends it. @param url Of the server, with a slash at its end. */
export function liveAttempt(url: string): Attempt {
  return () =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}api/live`);
      const timer = setTimeout(() => socket.terminate(), GIVE_UP_MS);
      socket.on("open", () => socket.send(JSON.stringify({ sampleRate: 8000, format: "s16le" })));
      socket.on("message", () => socket.send(JSON.stringify({ end: true })));
      socket.on("error", () => undefined);
      socket.on("close", (code) => {
        clearTimeout(timer);
        resolve(code === 1000);
      });
    });
}

function ask(address: string, body?: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = { method: body ? "POST" : "GET", agent: false as const, timeout: GIVE_UP_MS };
    const request = httpRequest(address, options, (response) => {
      response.resume().once("error", reject);
      response.once("end", () => resolve(response.statusCode === 200));
    });
    request.once("timeout", () => request.destroy()).once("error", reject);
    request.end(body);
  });
}
