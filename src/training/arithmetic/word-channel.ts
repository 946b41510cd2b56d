import { WINDOW_SAMPLES } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { createChannelFilter } from "./channel-filter.ts";
import { drawEqualiserInto, EQUALISER_POINTS } from "./equaliser.ts";
import type { RoomResponse } from "./room-responses.ts";

/** What lies between a speaker and the samples: a room, a microphone, a line. Its buffers are its own and reused. */
export type WordChannel = {
  /**
   * Draws an equaliser and a room, each by its probability, and writes the word into the window through them.
   *
   * @param word At most a window, not empty.
   * @param options.start Sample of the window at which the word begins; negative when its beginning is cut off.
   * @param options.out The window, filled completely.
   */
  passInto(word: Float32Array, options: { start: number; random: Random; out: Float32Array }): void;
};

/**
 * Prepares the channel.
 *
 * @param options.settings Probabilities and ranges.
 * @param options.rooms From `createRooms`, at least one.
 */
export function createWordChannel(options: {
  settings: AugmentationSettings;
  rooms: readonly RoomResponse[];
}): WordChannel {
  const { settings, rooms } = options;
  const filter = createChannelFilter();
  const gains = new Float32Array(EQUALISER_POINTS);
  return {
    passInto(word, { start, random, out }) {
      const equalised = random.chance(settings.equaliserProbability);
      const room = random.chance(settings.reverbProbability)
        ? rooms[random.integer(0, rooms.length)]
        : undefined;
      out.fill(0);
      if (!equalised && !room) {
        out.set(word.subarray(Math.max(0, -start), WINDOW_SAMPLES - start), Math.max(0, start));
        return;
      }
      if (equalised) drawEqualiserInto(gains, { settings, random });
      const wet = room && 10 ** (-random.uniform(...settings.directToReverbDb) / 20);
      filter.addFiltered(word, { gains: equalised ? gains : undefined, room, wet, start }, out);
    },
  };
}
