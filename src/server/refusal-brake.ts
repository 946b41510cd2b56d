// A client that is refused at once asks again at once: some hundred of them keep the server busy with refusing. So from some
// refusals in a second on, each is held back for a while. Such a client holds a connection and nothing else.

import type { FastifyInstance } from "fastify";

/** When refusals are held back, and for how long. */
type BrakeSettings = { perSecond: number; holdMs: number };

const DEFAULTS: BrakeSettings = { perSecond: 50, holdMs: 2000 };
/** A request with more than this holds bytes that others want. */
const SMALL_BODY = 65_536;

/**
 * Holds back the refusals (503) of a scope's routes once there are many of them, as long as the server is not stopping.
 *
 * @param scope Is changed.
 * @param isStopping Whether the server ends: then nothing is held back.
 * @param settings Default: all beyond 50 in a second, for two seconds.
 */
export function brakeRefusals(
  scope: FastifyInstance,
  isStopping: () => boolean,
  settings: BrakeSettings = DEFAULTS,
): void {
  const { perSecond, holdMs } = settings;
  let [second, count] = [0, 0];
  const isTooMany = () => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, count] = [now, 0];
    return ++count > perSecond;
  };
  scope.addHook("onSend", (request, reply, _payload, done) => {
    const isSmall = Number(request.headers["content-length"] ?? Infinity) <= SMALL_BODY;
    const isHeld = reply.statusCode === 503 && isSmall && isTooMany() && !isStopping();
    if (isHeld) setTimeout(done, holdMs);
    else done();
  });
}
