// Probes that are run in the page, and what is said to them.

import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { sayDigits } from "./page-actions.ts";

declare global {
  interface Window {
    /** Tracks that still run and audio contexts that are still open. */
    openResources(): { tracks: number; contexts: number };
    /** As if the microphone had been pulled out. */
    unplug(): void;
    /** Says something into the microphone, which has to be open, to its end. @param samples At 8 kHz. */
    say(samples: readonly number[]): Promise<void>;
    /** Where each sound that was played began, in seconds. */
    playedFrom: number[];
    /** The layout shifts since the last call: what moved, from where to where (Layout Instability API). */
    takeShifts(): string[];
    /** Tasks of more than 50 ms so far, in ms (Long Tasks API). */
    longTasks: number[];
  }
}

/** To be run before the page's own code: keeps count of what the microphone holds. */
export function watchMicrophone(): void {
  const tracks: MediaStreamTrack[] = [];
  const contexts: AudioContext[] = [];
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      contexts.push(this);
    }
  };
  window.openResources = () => ({
    tracks: tracks.filter(({ readyState }) => readyState === "live").length,
    contexts: contexts.filter(({ state }) => state !== "closed").length,
  });
  window.unplug = () => {
    for (const track of tracks) track.dispatchEvent(new Event("ended"));
  };
}

/** The browser says a little later that a context is closed. @param page With `watchMicrophone`. */
export function everythingIsClosed(page: Page): Promise<void> {
  return expect
    .poll(() => page.evaluate(() => window.openResources()), { timeout: 30_000 })
    .toEqual({ tracks: 0, contexts: 0 });
}

/**
 * To be run before the page's own code: a microphone that says what a test hands it, and is silent before and after. Its samples
 * do not go through the browser's audio, which leaves some out where another program has the processor: each one arrives,
 * 20 ms of them at a time, however long that takes.
 */
export function listenToTest(): void {
  const NativeNode = AudioWorkletNode;
  const silent = new AudioContext().createMediaStreamDestination();
  navigator.mediaDevices.getUserMedia = async () => silent.stream.clone();
  let spoken: Float32Array[] = [];
  window.AudioWorkletNode = class extends NativeNode {
    constructor(context: BaseAudioContext, name: string, options?: AudioWorkletNodeOptions) {
      super(context, name, options);
      spoken = [];
      this.port.postMessage = (target: MessagePort) => {
        const length = Math.round(context.sampleRate / 50);
        const timer = setInterval(() => {
          if (context.state === "closed") clearInterval(timer);
          // Four times as fast as people speak: the page goes by samples, not by the clock.
          for (let i = 0; i < 4; i++) target.postMessage(spoken.shift() ?? new Float32Array(length));
        }, 20);
        window.say = async (samples) => {
          const offline = new OfflineAudioContext(
            1,
            samples.length * (context.sampleRate / 8000),
            context.sampleRate,
          );
          const buffer = offline.createBuffer(1, samples.length, 8000);
          buffer.copyToChannel(Float32Array.from(samples), 0);
          const source = new AudioBufferSourceNode(offline, { buffer });
          source.connect(offline.destination);
          source.start();
          const sound = (await offline.startRendering()).getChannelData(0);
          for (let at = 0; at < sound.length; at += length) spoken.push(sound.slice(at, at + length));
          while (spoken.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
        };
      };
    }
  };
}

/**
 * Says digits into the microphone of `listenToTest`, which has to be open.
 *
 * @param page The page.
 * @param digits Which.
 * @param silenceMs Before each and after the last.
 */
export async function say(page: Page, digits: readonly number[], silenceMs = 400): Promise<void> {
  const samples = [...(await sayDigits(digits, silenceMs))];
  await page.evaluate((spoken) => window.say(spoken), samples);
}

/** Keeps listening until digits are said and are certain. @param page With the microphone of `listenToTest`. @param digits Which. */
export async function hearLive(page: Page, digits: readonly number[]): Promise<void> {
  await page.getByRole("button", { name: "Keep listening" }).click();
  await page.getByRole("button", { name: "Stop listening" }).waitFor();
  await say(page, digits);
  await firmDigits(page)
    .nth(digits.length - 1)
    .waitFor();
}

/** The digits of a number that stay. @param page The page. */
export function firmDigits(page: Page): Locator {
  return page.locator(".number-digit:not(.tentative)");
}

/** To be run in the page: keeps note of what is played. A short sound may be over before a test sees that it plays. */
export function watchPlaying(): void {
  window.playedFrom = [];
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function playAndNote() {
    window.playedFrom.push(this.currentTime);
    return play.call(this);
  };
}

/** To be run before the page's own code: keeps count of what disturbs its reader. */
export function watchCalm(): void {
  type Shift = PerformanceEntry & {
    sources: { node?: Element; previousRect: DOMRect; currentRect: DOMRect }[];
  };
  const seen: string[] = [];
  const add = (entries: PerformanceEntryList) => {
    for (const { sources } of entries as Shift[]) {
      for (const { node, previousRect: from, currentRect: to } of sources) {
        if (Math.max(Math.abs(from.x - to.x), Math.abs(from.y - to.y)) < 3) continue; // as the specification has it
        seen.push(`${node?.className} from ${from.x}, ${from.y} to ${to.x}, ${to.y}`);
      }
    }
  };
  const shifts = new PerformanceObserver((list) => add(list.getEntries()));
  shifts.observe({ type: "layout-shift", buffered: true });
  window.takeShifts = () => {
    add(shifts.takeRecords()); // a busy machine tells late
    return seen.splice(0);
  };
  window.longTasks = [];
  new PerformanceObserver((list) => {
    window.longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: "longtask", buffered: true });
}

/** Bytes of JavaScript objects on the page's main thread, after collecting what is no longer used. @param page The page. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}
