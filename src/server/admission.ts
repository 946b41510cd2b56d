// What is decided of a request before its body is read: a server that has enough to do says so at once, and holds no more
// bytes than it was told to.

import type { FastifyReply, FastifyRequest } from "fastify";
import { ServiceError } from "../errors.ts";
import { addressKey } from "./client-address.ts";
import type { ServerContext } from "./server-context.ts";
import type { Upload } from "./upload-room.ts";

/** Lets a request in, or throws. */
export type Admission = (request: FastifyRequest, reply: FastifyReply) => Upload;

/**
 * Makes the gate in front of every route that takes recordings. A request that is let in counts as under way, and its
 * bytes as held, until its connection has its answer or is gone.
 *
 * @param context.uploads The room for bytes.
 * @param context.pool Whether its queue is full.
 * @param context.lifecycle What is under way.
 * @returns Throws `request-too-large`, `service-stopping` or `service-busy`.
 */
export function createAdmission({ uploads, pool, lifecycle }: ServerContext): Admission {
  return (request, reply) => {
    const announced = Number(request.headers["content-length"] ?? 0);
    lifecycle.stopping.throwIfAborted();
    if (pool.isFull) throw new ServiceError("service-busy", "the server has all the work it can hold");
    const upload = uploads.open({ address: addressKey(request.ip), announced });
    const end = lifecycle.begin();
    reply.raw.once("close", () => {
      upload.release();
      end();
    });
    return upload;
  };
}
