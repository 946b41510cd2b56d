// A process that does what it is told, for tests of what becomes of it.

import { setTimeout as delay } from "node:timers/promises";
import { AudioFormatError } from "../../src/errors.ts";
import { answerCalls } from "../../src/workers/calls.ts";
import { processPort } from "../../src/workers/worker-process.ts";

/** What it can be told. */
export type ObedientCalls = {
  /** Sends back what came, after a while. */
  echo: { payload: { value: unknown; delayMs?: number }; result: unknown };
  /** Says 1, 2, 3 and returns their sum. */
  count: { payload: undefined; result: number; event: number };
  /** Never answers, busy or not. */
  hang: { payload: { busy: boolean }; result: never };
  /** Takes memory until there is none, in JavaScript objects or in buffers. */
  bloat: { payload: { as: "objects" | "buffers" }; result: never };
  /** Takes so many bytes and keeps them. */
  keep: { payload: { bytes: number }; result: number };
  abort: { payload: undefined; result: never };
  throw: { payload: { code?: "audio-damaged" }; result: never };
};

const kept: unknown[] = [];

answerCalls<ObedientCalls>(
  processPort,
  {
    async echo({ value, delayMs = 0 }) {
      await delay(delayMs);
      return value;
    },
    count(_, { tell }) {
      for (const n of [1, 2, 3]) tell(n);
      return 6;
    },
    hang({ busy }) {
      while (busy);
      return new Promise<never>(() => undefined);
    },
    async bloat({ as }) {
      for (;;) {
        kept.push(
          as === "buffers" ? new Uint8Array(4e6).fill(1) : Array.from({ length: 1e5 }, (_, i) => ({ i })),
        );
        if (as === "buffers") await delay(5);
      }
    },
    keep: ({ bytes }) => kept.push(Buffer.alloc(bytes, 1)),
    abort: () => process.abort(),
    throw({ code }) {
      throw code ? new AudioFormatError(code, "decodeAudio: on purpose") : new TypeError("on purpose");
    },
  },
  { oneByOne: true },
);
