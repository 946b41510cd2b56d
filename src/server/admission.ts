// What is decided of a request before its body is read, and with every piece of it: a server that has enough to do says
// so at once, and holds no more bytes than it was told to.

import type { FastifyReply, FastifyRequest } from "fastify";
import { RequestError, ServiceError } from "../errors.ts";
import type { ServerContext } from "./server-context.ts";

/** The bytes of one request. */
export type Hold = {
  /**
   * Counts bytes that have arrived.
   *
   * @param bytes How many.
   * @throws {RequestError} `request-too-large`: more than one request may have.
   * @throws {ServiceError} `service-busy`: more than all requests may have together.
   */
  add(bytes: number): void;
};

/** Lets a request in, or throws. */
export type Admission = (request: FastifyRequest, reply: FastifyReply) => Hold;

/**
 * Makes the gate in front of every route that takes recordings. A request that is let in counts as under way, and its
 * bytes as held, until its connection has its answer or is gone.
 *
 * @param context.settings The limits of bytes.
 * @param context.pool Whether its queue is full.
 * @param context.lifecycle What is under way.
 * @returns Throws `request-too-large`, `service-stopping` or `service-busy`.
 */
export function createAdmission({ settings, pool, lifecycle }: ServerContext): Admission {
  const { maxBodyBytes, maxHeldBytes } = settings;
  let heldBytes = 0;
  return (request, reply) => {
    // Announced bytes are looked at but not held: who announces much and sends little would keep others out.
    const announced = Number(request.headers["content-length"] ?? 0);
    if (announced > maxBodyBytes) throw tooLarge(maxBodyBytes);
    lifecycle.stopping.throwIfAborted();
    if (pool.isFull || heldBytes + announced > maxHeldBytes) throw busy();
    const end = lifecycle.begin();
    let ownBytes = 0;
    reply.raw.once("close", () => {
      heldBytes -= ownBytes;
      end();
    });
    return {
      add(bytes) {
        if (ownBytes + bytes > maxBodyBytes) throw tooLarge(maxBodyBytes);
        if (heldBytes + bytes > maxHeldBytes) throw busy();
        ownBytes += bytes;
        heldBytes += bytes;
      },
    };
  };
}

function tooLarge(limit: number): RequestError {
  return new RequestError(
    "request-too-large",
    `the request holds more than ${limit} bytes (--max-body-bytes)`,
  );
}

const busy = () => new ServiceError("service-busy", "the server has all the work it can hold");
