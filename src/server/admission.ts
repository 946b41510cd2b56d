// What is decided of a request before its body is read: a server that has enough to do says so at once.

import type { FastifyReply, FastifyRequest } from "fastify";
import { RequestError, ServiceError } from "../errors.ts";
import type { ServerContext } from "./server-context.ts";

/** Lets a request in, or throws. */
export type Admission = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Makes the gate in front of every route that takes recordings. A request that is let in counts as under way until its
 * connection has its answer or is gone.
 *
 * @param context.settings The limits of bytes.
 * @param context.pool Whether its queue is full.
 * @param context.lifecycle What is under way.
 * @returns Throws `request-too-large`, `service-stopping` or `service-busy`.
 */
export function createAdmission({ settings, pool, lifecycle }: ServerContext): Admission {
  let heldBytes = 0;
  return (request, reply) => {
    const bytes = announcedBytes(request) ?? settings.maxBodyBytes;
    if (bytes > settings.maxBodyBytes) throw tooLarge(bytes, settings.maxBodyBytes);
    lifecycle.stopping.throwIfAborted();
    if (pool.isFull || heldBytes + bytes > settings.maxHeldBytes) throw busy();
    const end = lifecycle.begin();
    heldBytes += bytes;
    reply.raw.once("close", () => {
      heldBytes -= bytes;
      end();
    });
  };
}

/** The length that a request says it has, null where it says none. */
function announcedBytes(request: FastifyRequest): number | null {
  const length = request.headers["content-length"];
  return length === undefined ? null : Number(length);
}

function tooLarge(bytes: number, limit: number): RequestError {
  return new RequestError(
    "request-too-large",
    `the request's body has ${bytes} bytes, the limit is ${limit} (--max-body-bytes)`,
  );
}

const busy = () => new ServiceError("service-busy", "the server has all the work it can hold");
