import { describe, expect, it } from "vitest";
import { createAudioQueue } from "./audio-queue.ts";

describe("createAudioQueue", () => {
  it("gives out samples in their order, in pieces of at most the length asked for", async () => {
    const queue = createAudioQueue();
    queue.push(Float32Array.of(1, 2, 3));
    queue.push(Float32Array.of(4));
    queue.push(Float32Array.of(5, 6, 7, 8, 9));
    queue.end();
    expect(queue.length).toBe(9);
    expect(await queue.take(5)).toEqual(Float32Array.of(1, 2, 3, 4, 5));
    expect(queue.length).toBe(4);
    expect(await queue.take(2)).toEqual(Float32Array.of(6, 7));
    expect(await queue.take(100)).toEqual(Float32Array.of(8, 9));
    expect(await queue.take(100)).toBeNull();
    expect(await queue.take(100)).toBeNull();
  });

  it("gives out a hundred thousand pieces of a sample in their order, while more come", async () => {
    const queue = createAudioQueue();
    const count = 100_000;
    for (let i = 0; i < count; i++) queue.push(Float32Array.of(i));
    const taken: number[] = [];
    for (let i = count; queue.length > 0; i++) {
      if (i % 2 === 0) queue.push(Float32Array.of(count + (i - count) / 2));
      taken.push(...(await queue.take(3333))!);
    }
    expect(taken.length).toBeGreaterThan(count);
    expect(taken.every((value, i) => value === i)).toBe(true);
  });

  it("gives out memory that belongs to nobody else", async () => {
    const queue = createAudioQueue();
    const samples = Float32Array.of(0, 1, 2, 3);
    queue.push(samples.subarray(1, 3));
    const taken = await queue.take(10);
    expect(taken?.buffer.byteLength).toBe(8);
    expect(taken?.buffer).not.toBe(samples.buffer);
  });

  it("waits for samples, and for the end", async () => {
    const queue = createAudioQueue();
    const first = queue.take(10);
    queue.push(new Float32Array(0));
    queue.push(Float32Array.of(1));
    expect(await first).toEqual(Float32Array.of(1));
    const second = queue.take(10);
    queue.end();
    expect(await second).toBeNull();
  });

  it("takes nothing in after the end", async () => {
    const queue = createAudioQueue();
    queue.end();
    queue.push(Float32Array.of(1));
    expect(queue.length).toBe(0);
    expect(await queue.take(10)).toBeNull();
  });
});
