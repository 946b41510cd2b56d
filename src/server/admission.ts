// What is decided of a request before its body is read: a server that has enough to do says so at once, and holds no more
// bytes than it was told to.

import type { FastifyReply, FastifyRequest } from "fastify";
import { ServiceError } from "../errors.ts";
import { lineBeside } from "../workers/turn-queue.ts";
import { addressKey } from "./client-address.ts";
import type { ServerContext } from "./server-context.ts";
import type { Upload } from "./upload-room.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Counts the bytes of a request with recordings. */
    upload: Upload;
    /** Line that it waits in: that of its address, or that beside it for many at once and for those who ask again at once. */
    line: string;
  }
}

/** Lets a request in, or throws. */
export type Admission = (request: FastifyRequest, reply: FastifyReply) => void;

/**
 * Makes the gate in front of every route that takes recordings. A request that is let in counts as under way, and its
 * bytes as held, until its connection has its answer or is gone.
 *
 * @param context.uploads The room for bytes.
 * @param context.pool Whether its queue is full.
 * @param context.lifecycle What is under way.
 * @param context.connections Who asks again at once.
 * @returns Throws `request-too-large`, `service-stopping` or `service-busy`.
 */
export function createAdmission({ uploads, pool, lifecycle, connections }: ServerContext): Admission {
  return (request, reply) => {
    const announced = Number(request.headers["content-length"] ?? 0);
    const address = addressKey(request.ip);
    const isHasty = connections.get(request.raw.socket)?.isHasty === true;
    request.line = isHasty ? lineBeside(address) : pool.lineFor(address);
    lifecycle.stopping.throwIfAborted();
    if (pool.isFull(request.line))
      throw new ServiceError("service-busy", "the server has all the work it can hold");
    const upload = uploads.open({ address, announced });
    request.upload = upload;
    const end = lifecycle.begin();
    reply.raw.once("close", () => {
      upload.release();
      end();
    });
  };
}
