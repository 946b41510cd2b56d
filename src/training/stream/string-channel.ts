import { STREAM_WINDOW } from "../../live/stream-net.ts";
import { WINDOW_SAMPLES } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import { createChannelFilter, drawEqualiserInto, EQUALISER_POINTS } from "../arithmetic/channel-filter.ts";
import type { RoomResponse } from "../arithmetic/room-responses.ts";
import type { StringSource } from "./string-source.ts";

/** The room and the microphone that a whole string is heard through. Its buffers are its own and reused. */
export type StringChannel = {
  /** Draws an equaliser and a room, each by its probability, for what is added from now on. */
  draw(random: Random): void;
  /**
   * Adds a sound to a window, through the channel.
   *
   * @param sound Of any length.
   * @param start Sample of the window at which it begins, may be negative.
   * @param out The window; what lies outside of it is cut off.
   */
  add(sound: Float32Array, start: number, out: Float32Array): void;
};

/** Prepares the channel. @param source For its settings and rooms. */
export function createStringChannel({
  settings,
  rooms,
}: Pick<StringSource, "settings" | "rooms">): StringChannel {
  const filter = createChannelFilter();
  const equaliser = new Float32Array(EQUALISER_POINTS);
  let gains: Float32Array | undefined;
  let room: RoomResponse | undefined;
  let wet = 0;
  return {
    draw(random) {
      gains = random.chance(settings.equaliserProbability) ? equaliser : undefined;
      if (gains) drawEqualiserInto(gains, { settings, random });
      room = random.chance(settings.reverbProbability) ? rooms[random.integer(0, rooms.length)] : undefined;
      wet = room ? 10 ** (-random.uniform(...settings.directToReverbDb) / 20) : 0;
    },
    add(sound, start, out) {
      // The filter takes a window at a time; it is linear, so parts may be filtered one by one.
      for (let from = 0; from < sound.length; from += WINDOW_SAMPLES) {
        const part = sound.subarray(from, from + WINDOW_SAMPLES);
        if (start + from >= STREAM_WINDOW) return;
        if (gains || room) filter.addFiltered(part, { gains, room, wet, start: start + from }, out);
        else addInPlace(out, part, start + from);
      }
    },
  };
}

function addInPlace(out: Float32Array, part: Float32Array, start: number): void {
  const end = Math.min(part.length, out.length - start);
  for (let i = Math.max(0, -start); i < end; i++) out[start + i]! += part[i]!;
}
