import { MEL_FLOOR } from "../../model/log-mel.ts";
import type { Theme } from "./theme.ts";

const N_COLOURS = 256;
// Of the model's scale: its floor, and about the loudest that speech gets.
const LOWEST = Math.log(MEL_FLOOR) + 1.5;
const HIGHEST = 4.2;

/** Red, green and blue, 0..255, of each step from quiet to loud: [256, 3]. */
export type ColourTable = Uint8ClampedArray;

// From quiet to loud, in each theme: from the card's own ground to the far end of its ink.
const STOPS: Record<Theme, readonly (readonly [number, number, number])[]> = {
  light: [
    [244, 243, 248],
    [205, 208, 240],
    [128, 137, 224],
    [61, 63, 168],
    [23, 21, 63],
  ],
  dark: [
    [21, 22, 28],
    [43, 44, 94],
    [91, 95, 199],
    [169, 166, 245],
    [253, 243, 227],
  ],
};

/** The colours of pictures of sound. @param theme Which theme the page is shown in. */
export function createColourTable(theme: Theme): ColourTable {
  const stops = STOPS[theme];
  const table = new Uint8ClampedArray(N_COLOURS * 3);
  for (let i = 0; i < N_COLOURS; i++) {
    const place = (i / (N_COLOURS - 1)) * (stops.length - 1);
    const lower = Math.min(stops.length - 2, Math.floor(place));
    for (let channel = 0; channel < 3; channel++) {
      const [from, to] = [stops[lower]![channel]!, stops[lower + 1]![channel]!];
      table[i * 3 + channel] = from + (place - lower) * (to - from);
    }
  }
  return table;
}

/**
 * Paints columns of log-mel values, low bands at the bottom.
 *
 * @param image Is painted: one pixel for each value, nMels high.
 * @param columns As many columns as the image is wide, one after the other.
 * @param colours From {@link createColourTable}.
 */
export function drawColumnsInPlace(image: ImageData, columns: Float32Array, colours: ColourTable): void {
  const { width, height, data } = image;
  for (let x = 0; x < width; x++) {
    for (let band = 0; band < height; band++) {
      const share = (columns[x * height + band]! - LOWEST) / (HIGHEST - LOWEST);
      const colour = Math.max(0, Math.min(N_COLOURS - 1, Math.round(share * (N_COLOURS - 1)))) * 3;
      const pixel = ((height - 1 - band) * width + x) * 4;
      data[pixel] = colours[colour]!;
      data[pixel + 1] = colours[colour + 1]!;
      data[pixel + 2] = colours[colour + 2]!;
      data[pixel + 3] = 255;
    }
  }
}
