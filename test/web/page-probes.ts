// Probes that are run in the page.

import type { Page } from "playwright-core";

declare global {
  interface Window {
    /** Tracks that still run and audio contexts that are still open. */
    openResources(): { tracks: number; contexts: number };
    /** As if the microphone had been pulled out. */
    unplug(): void;
    /** Says something into the microphone. @param samples At 8 kHz. */
    say(samples: readonly number[]): void;
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

/** To be run before the page's own code: a microphone that says what a test hands it, and is silent before and after. */
export function listenToTest(): void {
  const context = new AudioContext();
  const microphone = context.createMediaStreamDestination();
  navigator.mediaDevices.getUserMedia = async () => {
    await context.resume();
    return microphone.stream.clone();
  };
  window.say = (samples) => {
    const buffer = context.createBuffer(1, samples.length, 8000);
    buffer.copyToChannel(Float32Array.from(samples), 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(microphone);
    source.start();
  };
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
