// A client that is refused at once asks again at once: some hundred of them keep the server busy with refusing. So from some
// refusals of a line in a second on, each is held back for a while. Such a client holds a connection and nothing else.

import type { FastifyInstance } from "fastify";

/** When refusals are held back, and for how long. */
type BrakeSettings = { perSecond: number; holdMs: number };

const DEFAULTS: BrakeSettings = { perSecond: 20, holdMs: 2000 };

/**
 * Holds back the refusals (503) of a scope's routes once there are many of them in one line, as long as the server is not
 * stopping.
 *
 * @param scope Is changed; its requests have a `line`, and an `upload` once they are let in.
 * @param isStopping Whether the server ends: then nothing is held back.
 * @param settings Default: all beyond 20 in a second, for two seconds.
 */
export function brakeRefusals(
  scope: FastifyInstance,
  isStopping: () => boolean,
  settings: BrakeSettings = DEFAULTS,
): void {
  const { perSecond, holdMs } = settings;
  const counts = new Map<string, number>();
  let second = 0;
  const isTooMany = (line: string) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) counts.clear();
    second = now;
    counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts.get(line)! > perSecond;
  };
  scope.addHook("onSend", (request, reply, _payload, done) => {
    const isHeld = reply.statusCode === 503 && isTooMany(request.line) && !isStopping();
    if (!isHeld) return done();
    // Others want what it would hold meanwhile.
    request.upload?.release();
    request.body = undefined;
    setTimeout(done, holdMs);
  });
}
