import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { brakeRefusals } from "./refusal-brake.ts";

/** Sends so many requests at once. @returns Their numbers in the order in which they are answered. */
async function order(count: number, options: { status?: number; body?: string; isStopping?: boolean } = {}) {
  const { status = 503, body = "x", isStopping = false } = options;
  const server = Fastify();
  brakeRefusals(server, () => isStopping, { perSecond: 3, holdMs: 300 });
  server.post("/", async (_, reply) => reply.code(status).send({}));
  const answered: number[] = [];
  const headers = { "content-type": "text/plain", "content-length": String(body.length) };
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      await server.inject({ method: "POST", url: "/", payload: body, headers });
      answered.push(i);
    }),
  );
  await server.close();
  return answered;
}

describe("brakeRefusals", () => {
  it("answers every request, those beyond the limit after a while", async () => {
    const server = Fastify();
    brakeRefusals(server, () => false, { perSecond: 3, holdMs: 300 });
    server.post("/refused", async (_, reply) => reply.code(503).send({}));
    server.get("/free", async () => "free");
    const answered: string[] = [];
    const ask = async (method: "POST" | "GET", url: string) => {
      await server.inject({ method, url, ...(method === "POST" && { payload: { a: 1 } }) });
      answered.push(url);
    };
    const refused = Array.from({ length: 20 }, () => ask("POST", "/refused"));
    await Promise.race(refused);
    await ask("GET", "/free");
    const before = answered.indexOf("/free");
    await Promise.all(refused);
    expect(answered).toHaveLength(21);
    // At most two seconds begin within it, so at most six are let through at once.
    expect(before).toBeLessThanOrEqual(6);
    await server.close();
  });

  it.each([
    ["answers that are no refusals", { status: 200 }],
    ["requests with long bodies, which hold what others want", { body: "x".repeat(70_000) }],
    ["anything once the server is stopping", { isStopping: true }],
  ])("does not hold back %s", async (_, options) => {
    expect(await order(12, options)).toEqual(Array.from({ length: 12 }, (__, i) => i));
  });
});
