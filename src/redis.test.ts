import { expect, test } from "vitest";
import { loadPeer } from "./redis.ts";

const options = { what: "--queue", packages: "bullmq ioredis" };

test("a package that is not installed is told, with how to install it", async () => {
  const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
  await expect(loadPeer(() => Promise.reject(missing), options)).rejects.toMatchObject({
    code: "invalid-argument",
    message: "--queue needs a package that is not installed: npm install bullmq ioredis",
  });
});

test("a package that fails otherwise is no missing one", async () => {
  const broken = new Error("broken");
  await expect(loadPeer(() => Promise.reject(broken), options)).rejects.toBe(broken);
});
