import { type Signal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import WaveSurfer from "wavesurfer.js";
import type { Region } from "wavesurfer.js/dist/plugins/regions.esm.js";
import RegionsPlugin from "wavesurfer.js/dist/plugins/regions.esm.js";
import type { Sound, Stretch } from "../engine/protocol.ts";
import { createScope, type Scope } from "../scope.ts";
import { choose } from "../state/clip-actions.ts";
import { type Clip, reduced, stretch } from "../state/page-state.ts";
import { wantedPart } from "./play-digit.ts";
import { theme } from "./theme.ts";

/** What the buttons around the waveform can do with it. */
export type WaveformControls = { toggle(): void };

type WaveformProps = {
  clip: Clip;
  controls: RefObject<WaveformControls | null>;
  isPlaying: Signal<boolean>;
  /** Is set: the part that is in view. */
  view: Signal<Stretch>;
};

// A longer sound is drawn wider than its place, at so many pixels a second, and scrolled.
const LONGEST_WHOLE_MS = 12_000;
const PIXELS_PER_SECOND = 48;

/** The waveform with its draggable part. @param props.clip The clip. @param props.controls Is filled. @param props.isPlaying Is set. @param props.view Is set. */
export function Waveform({ clip, controls, isPlaying, view }: WaveformProps) {
  const container = useRef<HTMLDivElement>(null);
  const player = useRef<WaveSurfer>(null);
  const region = useRef<Region>(null);
  const sound = reduced.value ?? clip;
  useEffect(() => {
    const scope = createScope();
    const created = createPlayer(container.current!, sound, { durationMs: clip.durationMs, scope });
    player.current = created;
    // Before that wavesurfer.js takes the duration for zero, and cuts the region to it.
    created.once("ready", () => {
      region.current = addRegion(created, scope);
      created.setTime(stretch.value.startMs / 1000);
    });
    const wholeMs = clip.durationMs;
    view.value = { startMs: 0, endMs: wholeMs };
    const showPart = (startS: number, endS: number) => {
      view.value = { startMs: startS * 1000, endMs: Math.min(wholeMs, endS * 1000) };
    };
    created.on("scroll", showPart);
    created.on("redraw", () => {
      const { scrollLeft, clientWidth, scrollWidth } = created.getWrapper().parentElement!;
      const wholeS = wholeMs / 1000;
      showPart((scrollLeft / scrollWidth) * wholeS, ((scrollLeft + clientWidth) / scrollWidth) * wholeS);
    });
    for (const event of ["play", "pause"] as const)
      created.on(event, () => {
        isPlaying.value = event === "play";
      });
    controls.current = { toggle: () => togglePlaying(created) };
    return () => {
      isPlaying.value = false;
      region.current = null;
      scope.dispose();
    };
  }, [sound, clip, controls, isPlaying, view]);
  useSignalEffect(() => {
    if (theme.value) player.current?.setOptions(coloursFor(container.current!));
  });
  useSignalEffect(() => {
    const { startMs, endMs } = stretch.value;
    const shown = region.current;
    if (!shown || (shown.start === startMs / 1000 && shown.end === endMs / 1000)) return;
    shown.setOptions({ start: startMs / 1000, end: endMs / 1000 });
    if (!player.current?.isPlaying()) player.current?.setTime(startMs / 1000);
  });
  useSignalEffect(() => {
    const part = wantedPart.value;
    if (!part || !player.current) return;
    whenLoaded(player.current, (loaded) => {
      void loaded.play(part.startMs / 1000, Math.min(part.endMs, clip.durationMs) / 1000);
    });
    wantedPart.value = null;
  });
  return <div ref={container} class="waveform-canvas" data-testid="waveform" />;
}

/** Before a sound is loaded every place in it is its beginning. */
function whenLoaded(player: WaveSurfer, act: (player: WaveSurfer) => void): void {
  if (player.getDuration() > 0) act(player);
  else player.once("ready", () => act(player));
}

function createPlayer(
  container: HTMLElement,
  sound: Sound,
  { durationMs, scope }: { durationMs: number; scope: Scope },
): WaveSurfer {
  const url = URL.createObjectURL(sound.wav);
  scope.add(() => URL.revokeObjectURL(url));
  const player = WaveSurfer.create({
    container,
    height: "auto",
    url,
    peaks: [sound.peaks],
    duration: durationMs / 1000,
    normalize: true,
    barWidth: 3,
    barGap: 2,
    barRadius: 2,
    barMinHeight: 2,
    minPxPerSec: durationMs > LONGEST_WHOLE_MS ? PIXELS_PER_SECOND : 0,
    autoCenter: true,
    cursorWidth: 2,
    ...coloursFor(container),
    cspNonce: STYLE_NONCE,
  });
  scope.add(() => player.destroy());
  return player;
}

function addRegion(player: WaveSurfer, scope: Scope): Region {
  const regions = player.registerPlugin(RegionsPlugin.create());
  const { startMs, endMs } = stretch.value;
  const region = regions.addRegion({
    start: startMs / 1000,
    end: endMs / 1000,
    color: "var(--selection)",
    minLength: 0.01,
  });
  styleHandles(region);
  const follow = () => void choose({ startMs: region.start * 1000, endMs: region.end * 1000 });
  // A long part is listened to when its edge is let go of.
  scope.add(region.on("update", () => region.end - region.start < LONGEST_WHOLE_MS / 1000 && follow()));
  scope.add(region.on("update-end", follow));
  return region;
}

// Wide enough to be caught by a finger, with a line of four pixels to be seen.
function styleHandles(region: Region): void {
  for (const handle of region.element?.querySelectorAll<HTMLElement>("[part~=region-handle]") ?? []) {
    const side = handle.style.left === "" ? "borderRight" : "borderLeft";
    Object.assign(handle.style, { width: "16px", borderRadius: "4px", [side]: "4px solid var(--accent)" });
  }
}

// wavesurfer.js draws on a canvas, which knows no variables of the style sheet.
function coloursFor(element: Element) {
  const style = getComputedStyle(element);
  return {
    cursorColor: style.getPropertyValue("--ink"),
    waveColor: style.getPropertyValue("--wave"),
    progressColor: style.getPropertyValue("--accent"),
  };
}

function togglePlaying(player: WaveSurfer): void {
  const { startMs, endMs } = stretch.value;
  if (player.isPlaying()) player.pause();
  else void player.play(startMs / 1000, endMs / 1000);
}
