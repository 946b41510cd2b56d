import type { ClassifyAnswer } from "../../src/client/answers.ts";
import { type ClientOptions, createClient } from "../../src/client/client.ts";

/** To one recording. */
export const ANSWER: ClassifyAnswer = {
  digit: 7,
  confidence: 0.9,
  none: null,
  string: null,
  probs: [0, 0, 0, 0, 0, 0, 0.05, 0.9, 0, 0],
  noneProb: 0.05,
  ms: 1,
};

type Reply = Response | Error | ((init: RequestInit) => Promise<Response>);

/** A client whose requests get these replies, one after another. */
export function standIn(replies: Reply[], options: Partial<ClientOptions> = {}) {
  const requests: { url: string; init: RequestInit }[] = [];
  const left = [...replies];
  const client = createClient({
    url: "http://service",
    async fetch(url: string | URL | Request, init: RequestInit = {}) {
      requests.push({ url: String(url), init });
      const reply = left.shift();
      if (reply === undefined) throw new Error("one request too many");
      if (reply instanceof Error) throw reply;
      return typeof reply === "function" ? reply(init) : reply;
    },
    ...options,
  });
  return { client, requests };
}

/** A reply. */
export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status });
}
