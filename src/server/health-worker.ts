// A thread that says how the server is, on a port of its own. The main thread may be busy refusing; this one has nothing
// else to do.

import { createServer, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { ERROR_CODES, InvalidArgumentError, type ServiceError } from "../errors.ts";
import { answerCalls } from "../workers/calls.ts";
import { threadPort } from "../workers/worker-thread.ts";
import { SECURITY_HEADERS } from "./page-policy.ts";

/** What the thread is started with. */
export type HealthWorkerSetup = {
  host: string;
  port: number;
  /** What the main thread says of itself, at the places {@link PULSE} and {@link READINESS}. */
  state: Int32Array<SharedArrayBuffer>;
  /** Silence of the main thread after which it counts as stuck, in ms. */
  maxSilenceMs: number;
};

/** The one call: to listen; it gives the port. */
export type HealthCalls = { listen: { payload: HealthWorkerSetup; result: number } };

/** Place of the number that the main thread keeps raising. */
export const PULSE = 0;

/** Place of the main thread's {@link Readiness}. */
export const READINESS = 1;

/** Whether the server takes work, as a number. */
export const Readiness = { starting: 0, ready: 1, stopping: 2, noWorker: 3 } as const;

/** Connections at most; the oldest makes way for one that comes. */
const MAX_CONNECTIONS = 64;

/** Time in which a request has to arrive, and the next one of its connection, in ms. */
const MAX_REQUEST_MS = 2000;

const UNREADY: Readonly<Record<number, [ServiceError["code"], string]>> = {
  [Readiness.starting]: ["service-busy", "the server is starting"],
  [Readiness.stopping]: ["service-stopping", "the server is being shut down"],
  [Readiness.noWorker]: ["service-busy", "no process that classifies is left; they are started again"],
};

// Its own thread alone answers: whoever reads the names above has no parent to answer.
if (threadPort.hasParent) answerCalls<HealthCalls>(threadPort, { listen });

async function listen(setup: HealthWorkerSetup): Promise<number> {
  const { host, port } = setup;
  const isAlive = createPulseCheck(setup);
  const connections = new Set<Socket>();
  const server = createServer(
    {
      requestTimeout: MAX_REQUEST_MS,
      headersTimeout: MAX_REQUEST_MS,
      keepAliveTimeout: MAX_REQUEST_MS,
      connectionsCheckingInterval: MAX_REQUEST_MS / 2,
    },
    ({ url = "" }, response) => {
      const [path] = url.split("?");
      if (path === "/healthz") answer(response, isAlive() ? undefined : STUCK);
      else if (path === "/readyz")
        answer(response, isAlive() ? UNREADY[Atomics.load(setup.state, READINESS)] : STUCK);
      else answer(response, ["request-not-found", "here are /healthz and /readyz alone"]);
    },
  );
  server.on("connection", (socket: Socket) => {
    const [oldest] = connections;
    if (connections.size >= MAX_CONNECTIONS) oldest?.destroy();
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ message, code }: NodeJS.ErrnoException) => {
      const reason = code === "EADDRINUSE" ? "another program listens there" : message;
      reject(new InvalidArgumentError(`serve: cannot listen on ${host}:${port} (--health-port): ${reason}`));
    });
    server.listen({ host, port }, resolve);
  });
  return (server.address() as { port: number }).port;
}

const STUCK: [ServiceError["code"], string] = ["service-timeout", "the server's main thread does not go on"];

type Failure = [keyof typeof ERROR_CODES, string] | undefined;

function answer(response: ServerResponse, failure: Failure): void {
  const body = failure ? { code: failure[0], message: failure[1] } : { status: "ok" };
  response.writeHead(failure ? ERROR_CODES[failure[0]].httpStatus : 200, {
    ...SECURITY_HEADERS,
    "content-type": "application/json; charset=utf-8",
    ...(failure && failure[0] !== "request-not-found" && { "retry-after": "1" }),
  });
  response.end(JSON.stringify(body));
}

/** Whether the main thread's pulse has moved lately. */
function createPulseCheck({ state, maxSilenceMs }: HealthWorkerSetup): () => boolean {
  let last = Atomics.load(state, PULSE);
  let movedAt = performance.now();
  const look = () => {
    const now = Atomics.load(state, PULSE);
    if (now !== last) movedAt = performance.now();
    last = now;
    return performance.now() - movedAt <= maxSilenceMs;
  };
  setInterval(look, maxSilenceMs / 4).unref();
  return look;
}
