import { Counter, type Registry } from "prom-client";
import { registerGauges } from "./drops.ts";
import type { LiveSummary } from "./live-session.ts";

/** What is counted of live sessions. */
export type LiveMetrics = {
  /** @param summary What a session that is over came to. */
  countSession(summary: LiveSummary): void;
};

/**
 * Registers the figures of live sessions.
 *
 * @param registry Of the server.
 * @param openSessions Tells how many there are now.
 */
export function createLiveMetrics(registry: Registry, openSessions: () => number): LiveMetrics {
  const registers = [registry];
  registerGauges(registry, { live_sessions: ["Live sessions open now.", openSessions] });
  const sessions = new Counter({
    name: "spoken_digits_live_sessions_total",
    help: "Live sessions that are over: ended in order, cut by the client, or by the code of the error.",
    labelNames: ["outcome"],
    registers,
  });
  const audio = new Counter({
    name: "spoken_digits_live_audio_seconds_total",
    help: "Audio taken in by live sessions that are over.",
    registers,
  });
  const digits = new Counter({
    name: "spoken_digits_live_digits_total",
    help: "Digits sent in live sessions that are over.",
    registers,
  });
  return {
    countSession({ outcome, audioMs, digits: count }) {
      sessions.inc({ outcome });
      audio.inc(audioMs / 1000);
      digits.inc(count);
    },
  };
}
