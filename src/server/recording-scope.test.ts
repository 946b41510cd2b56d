import Fastify, { type FastifyInstance } from "fastify";
import { describe, expect, it, vi } from "vitest";
import { brakeRefusals } from "./recording-scope.ts";

type Order = { status: number; line: string; isStopping: boolean };

function serverFor({ status = 503, line = "", isStopping = false }: Partial<Order>): FastifyInstance {
  const server = Fastify();
  brakeRefusals(server, () => isStopping, { perSecond: 3, holdMs: 300 });
  server.decorateRequest("line");
  server.addHook("onRequest", (request, _reply, done) => {
    request.line = String(request.headers.line ?? line);
    done();
  });
  server.post("/", (_request, reply) => reply.code(status).send({}));
  return server;
}

/** Sends so many requests at once. @returns Their numbers in the order in which they are answered. */
async function orderOf(count: number, order: Partial<Order> = {}, isOther = (_i: number) => false) {
  const server = serverFor(order);
  const answered: number[] = [];
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      await server.inject({ method: "POST", url: "/", headers: isOther(i) ? { line: "other" } : {} });
      answered.push(i);
    }),
  );
  await server.close();
  return answered;
}

describe("brakeRefusals", () => {
  it("answers every request, those beyond the limit of their line after a while", async () => {
    const answered = await orderOf(21, {}, (i) => i === 20);
    expect(answered).toHaveLength(21);
    // At most two seconds begin within it, so at most six of the first line are let through at once.
    expect(answered.indexOf(20)).toBeLessThanOrEqual(6);
  });

  it("lets go of what a request that is held back holds itself", async () => {
    const server = serverFor({});
    const release = vi.fn();
    const bodies: unknown[] = [];
    server.addHook("preHandler", (request, _reply, done) => {
      request.upload = { release, add: vi.fn(), whileArriving: (reading) => reading };
      done();
    });
    server.addHook("onResponse", (request, _reply, done) => {
      bodies.push(request.body);
      done();
    });
    const ask = () => server.inject({ method: "POST", url: "/", payload: { a: 1 } });
    await Promise.all(Array.from({ length: 7 }, ask));
    expect(release).toHaveBeenCalled();
    expect(bodies.at(-1)).toBeUndefined();
    await server.close();
  });

  it.each([
    ["answers that are no refusals", { status: 200 }],
    ["anything once the server is stopping", { isStopping: true }],
  ])("does not hold back %s", async (_, order) => {
    expect(await orderOf(12, order)).toEqual(Array.from({ length: 12 }, (__, i) => i));
  });
});
