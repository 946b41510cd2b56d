import { describe, expect, it, vi } from "vitest";
import { createScope } from "./scope.ts";

describe("createScope", () => {
  it("gives everything back once, the newest first, however often it ends", () => {
    const scope = createScope();
    const order: number[] = [];
    for (const i of [1, 2, 3]) scope.add(() => order.push(i));
    scope.dispose();
    scope.dispose();
    expect(order).toEqual([3, 2, 1]);
    expect(scope.disposed).toBe(true);
  });

  it("gives back at once what is added after its end", () => {
    const scope = createScope();
    scope.dispose();
    const disposer = vi.fn();
    scope.add(disposer);
    expect(disposer).toHaveBeenCalledOnce();
  });

  it("listens until its end", () => {
    const scope = createScope();
    const target = new EventTarget();
    const listener = vi.fn();
    scope.listen(target, "ring", listener);
    target.dispatchEvent(new Event("ring"));
    scope.dispose();
    target.dispatchEvent(new Event("ring"));
    expect(listener).toHaveBeenCalledOnce();
  });
});
