import { describe, expect, it } from "vitest";
import { lineBeside, TurnQueue } from "./pool-queue.ts";

type Item = { line: string; name: string };

/** @param names For example "a1": the first letter is the line. */
function queueOf(...names: string[]): { queue: TurnQueue<Item>; items: Record<string, Item> } {
  const queue = new TurnQueue<Item>();
  const items = Object.fromEntries(names.map((name) => [name, { line: name[0]!, name }]));
  for (const name of names) queue.push(items[name]!);
  return { queue, items };
}

function drain(queue: TurnQueue<Item>): string {
  const names: string[] = [];
  for (let item = queue.shift(); item; item = queue.shift()) names.push(item.name);
  return names.join(" ");
}

describe("TurnQueue", () => {
  it("gives lines their turns, and keeps the order of arrival within each", () => {
    const { queue } = queueOf("a1", "a2", "a3", "b1", "c1", "c2");
    expect([queue.size, queue.first?.name]).toEqual([6, "a1"]);
    expect(drain(queue)).toBe("a1 b1 c1 a2 c2 a3");
    expect([queue.size, queue.first, queue.shift()]).toEqual([0, undefined, undefined]);
  });

  it("counts what comes before one that joins a line, and is right about it", () => {
    const names = ["a1", "a2", "a3", "b1", "c1", "c2"];
    for (const line of ["a", "b", "c", "d"]) {
      const { queue } = queueOf(...names);
      const ahead = queue.countAhead(line);
      queue.push({ line, name: "last" });
      expect(drain(queue).split(" ").indexOf("last")).toBe(ahead);
    }
  });

  it("puts items back before all others", () => {
    const { queue, items } = queueOf("a1", "a2", "b1", "b2");
    const [first, second] = [queue.shift()!, queue.shift()!];
    queue.putBack(second);
    queue.putBack(first);
    expect(drain(queue)).toBe("a1 b1 a2 b2");
    queue.putBack(items.b2!);
    expect(queue.first).toBe(items.b2);
  });

  it("forgets an item that leaves, and knows nothing of others", () => {
    const { queue, items } = queueOf("a1", "a2", "b1");
    queue.delete(items.b1!);
    queue.delete(items.a1!);
    queue.delete(items.a1!);
    queue.delete({ line: "c", name: "c1" });
    expect(drain(queue)).toBe("a2");
  });

  it("sends those beyond sixteen to the line beside", () => {
    const { queue } = queueOf(...Array.from({ length: 15 }, (_, i) => `a${i}`));
    expect(queue.lineFor("a")).toBe("a");
    queue.push({ line: "a", name: "a15" });
    expect([queue.lineFor("a"), queue.lineFor("b")]).toEqual([lineBeside("a"), "b"]);
    queue.shift();
    expect(queue.lineFor("a")).toBe("a");
  });

  it("lets the last of a longer line make way, and none where that would be no longer", () => {
    const { queue, items } = queueOf("a1", "a2", "a3", "b1", "b2");
    expect(queue.lastOfLonger("c")).toBe(items.a3);
    expect(queue.lastOfLonger("b")).toBeUndefined();
    expect(queue.lastOfLonger("a")).toBeUndefined();
    expect(new TurnQueue<Item>().lastOfLonger("a")).toBeUndefined();
  });
});
