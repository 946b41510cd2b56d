import { expect, test } from "vitest";
import { createLifecycle } from "./lifecycle.ts";

test("is idle as long as nothing has begun", async () => {
  const lifecycle = createLifecycle();
  expect(lifecycle.underWay).toBe(0);
  expect(await lifecycle.idle(0)).toBe(true);
});

test("waits for all that is under way, and counts each piece out once", async () => {
  const lifecycle = createLifecycle();
  const [endFirst, endSecond] = [lifecycle.begin(), lifecycle.begin()];
  const idle = lifecycle.idle(60_000);
  endFirst();
  endFirst();
  expect(lifecycle.underWay).toBe(1);
  endSecond();
  expect(await idle).toBe(true);
  expect(lifecycle.underWay).toBe(0);
});

test("waits no longer than it is told to", async () => {
  const lifecycle = createLifecycle();
  lifecycle.begin();
  expect(await lifecycle.idle(1)).toBe(false);
});

test("tells everybody when it is time to stop, with a reason that can be sent", () => {
  const lifecycle = createLifecycle();
  lifecycle.stopping.throwIfAborted();
  lifecycle.stop();
  lifecycle.stop();
  expect(() => lifecycle.stopping.throwIfAborted()).toThrow(
    expect.objectContaining({ code: "service-stopping" }),
  );
});
