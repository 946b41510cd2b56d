import { createRealFft } from "../../audio/fft.ts";
import { drawRoomResponse } from "../../audio/room-response.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import { createRandom, type Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { RANDOM_STREAMS } from "./random-streams.ts";

/** Size of the transform that the spectra were made with; those of smaller ones are every second, fourth ... bin. */
export const ROOM_FFT_SIZE = 16384;

/** Longest response in samples: with a whole window and the equaliser's reach it still fits into the transform. */
export const LONGEST_RESPONSE = 7680;

/** The reverberation of one room, without the direct sound. */
export type RoomResponse = {
  /** Samples until it has fallen by 60 dB. */
  length: number;
  /** [ROOM_FFT_SIZE / 2 + 1] bins as [real, imaginary] pairs; the energy of the response is 1. */
  spectrum: Float32Array;
};

const SHORTEST_RESPONSE = 32;

/**
 * Makes the rooms that examples are drawn from.
 *
 * @param options.seed Of the training: the same rooms every time.
 * @param options.settings Number of rooms and range of their reverberation time.
 */
export function createRooms(options: { seed: number; settings: AugmentationSettings }): RoomResponse[] {
  const { seed, settings } = options;
  const fft = createRealFft(ROOM_FFT_SIZE);
  return Array.from({ length: settings.roomCount }, (_, index) => {
    const random = createRandom(seed, RANDOM_STREAMS.roomResponse, index);
    const response = drawResponse(random.uniform(...settings.reverbTimeMs), random);
    const spectrum = new Float32Array(ROOM_FFT_SIZE + 2);
    fft.forwardInto(response, spectrum);
    return { length: response.length, spectrum };
  });
}

function drawResponse(reverbTimeMs: number, random: Random): Float32Array {
  const decay = Math.ceil((reverbTimeMs * SAMPLE_RATE) / 1000);
  const length = Math.min(LONGEST_RESPONSE, Math.max(SHORTEST_RESPONSE, decay));
  return drawRoomResponse(length, { reverbTimeMs, random, sampleRate: SAMPLE_RATE });
}
