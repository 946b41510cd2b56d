import { describe, expect, test } from "vitest";
import { createProgressBar } from "./progress-bar.ts";

function terminal({ isTTY = true, columns = 120 } = {}) {
  const written: string[] = [];
  let time = 0;
  return {
    written,
    advance: (ms: number) => {
      time += ms;
    },
    options: {
      label: "Reading",
      stream: { isTTY, columns, write: (text: string) => written.push(text) },
      now: () => time,
    },
  };
}

describe("createProgressBar", () => {
  test("draws the share done and the time left by the pace so far", () => {
    const { written, advance, options } = terminal();
    const bar = createProgressBar(options);
    advance(10_000);
    bar.update(25, 100);
    expect(written).toEqual([
      `\rReading [${"#".repeat(6)}${"-".repeat(18)}] 25 %  25 / 100  30 s left\x1b[K`,
    ]);
  });

  test("names minutes when more than one is left", () => {
    const { written, advance, options } = terminal();
    const bar = createProgressBar(options);
    advance(90_000);
    bar.update(1, 2);
    expect(written[0]).toContain("1 min 30 s left");
  });

  test("shows the pace where it is asked for", () => {
    const { written, advance, options } = terminal();
    const bar = createProgressBar({ ...options, rate: true });
    advance(10_000);
    bar.update(250, 1000);
    bar.update(300);
    expect(written[0]).toContain("25 %  250 / 1000  25 /s  30 s left");
  });

  test("where there is no terminal, writes a line now and then if it is told to", () => {
    const { written, advance, options } = terminal({ isTTY: false });
    const bar = createProgressBar({ ...options, rate: true, logEveryMs: 1000 });
    advance(100);
    bar.update(1);
    bar.update(2);
    advance(1000);
    bar.update(11);
    bar.end();
    expect(written).toEqual(["Reading 1  10 /s\n", "Reading 11  10 /s\n"]);
  });

  test("draws at most every 80 ms, and always the end", () => {
    const { written, advance, options } = terminal();
    const bar = createProgressBar(options);
    bar.update(1, 3);
    bar.update(2, 3);
    expect(written).toHaveLength(1);
    bar.update(3, 3);
    expect(written).toHaveLength(2);
    advance(80);
    bar.update(1, 3);
    expect(written).toHaveLength(3);
  });

  test("shows the bare amount, in its own words, where the total is not known", () => {
    const { written, options } = terminal();
    createProgressBar({ ...options, format: (bytes) => `${bytes / 1e6} MB` }).update(2_500_000);
    expect(written).toEqual(["\rReading 2.5 MB\x1b[K"]);
  });

  test("keeps to one line of a narrow terminal", () => {
    const { written, options } = terminal({ columns: 20 });
    createProgressBar(options).update(1, 2);
    expect(written).toEqual(["\rReading [##########\x1b[K"]);
  });

  test("takes the bar away once", () => {
    const { written, options } = terminal();
    const bar = createProgressBar(options);
    bar.update(1, 2);
    bar.end();
    bar.end();
    expect(written.slice(1)).toEqual(["\r\x1b[K"]);
  });

  test("writes nothing where there is no terminal", () => {
    const { written, options } = terminal({ isTTY: false });
    const bar = createProgressBar(options);
    bar.update(1, 2);
    bar.end();
    expect(written).toEqual([]);
  });
});
