// ISO/IEC 14496-3, tables 4.130 to 4.147: where the bands of scale factors begin, by sample rate; table 4.156: how many of
// them TNS may filter.

const LONG_BANDS = [
  `0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 64 72 80 88 96 108 120 132 144 156 172 188 212 240 276 320 384
    448 512 576 640 704 768 832 896 960 1024`,
  `0 4 8 12 16 20 24 28 32 36 40 44 48 52 56 64 72 80 88 100 112 124 140 156 172 192 216 240 268 304 344 384
    424 464 504 544 584 624 664 704 744 784 824 864 904 944 984 1024`,
  `0 4 8 12 16 20 24 28 32 36 40 48 56 64 72 80 88 96 108 120 132 144 160 176 196 216 240 264 292 320 352 384
    416 448 480 512 544 576 608 640 672 704 736 768 800 832 864 896 928 1024`,
  `0 4 8 12 16 20 24 28 32 36 40 48 56 64 72 80 88 96 108 120 132 144 160 176 196 216 240 264 292 320 352 384
    416 448 480 512 544 576 608 640 672 704 736 768 800 832 864 896 928 960 992 1024`,
  `0 4 8 12 16 20 24 28 32 36 40 44 52 60 68 76 84 92 100 108 116 124 136 148 160 172 188 204 220 240 260 284
    308 336 364 396 432 468 508 552 600 652 704 768 832 896 960 1024`,
  `0 8 16 24 32 40 48 56 64 72 80 88 100 112 124 136 148 160 172 184 196 212 228 244 260 280 300 320 344 368
    396 424 456 492 532 572 616 664 716 772 832 896 960 1024`,
  `0 12 24 36 48 60 72 84 96 108 120 132 144 156 172 188 204 220 236 252 268 288 308 328 348 372 396 420 448
    476 508 544 580 620 664 712 764 820 880 944 1024`,
].map(parseRow);

const SHORT_BANDS = [
  `0 4 8 12 16 20 24 32 40 48 64 92 128`,
  `0 4 8 12 16 20 28 36 44 56 68 80 96 112 128`,
  `0 4 8 12 16 20 24 28 36 44 52 64 76 92 108 128`,
  `0 4 8 12 16 20 24 28 32 40 48 60 72 88 108 128`,
  `0 4 8 12 16 20 24 28 36 44 52 60 72 88 108 128`,
].map(parseRow);

function parseRow(row: string): Uint16Array {
  return Uint16Array.from(row.split(/\s+/), Number);
}

const LONG_ROWS = [0, 0, 1, 2, 2, 3, 4, 4, 5, 5, 5, 6, 6];
const SHORT_ROWS = [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4];
const LONG_TNS_BANDS = [31, 31, 34, 40, 42, 51, 46, 46, 42, 42, 42, 39, 39];
const SHORT_TNS_BANDS = [9, 9, 10, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14];

/** The bands of one kind of window: where each begins, and where the last one ends; how many of them TNS may filter. */
export type Bands = { offsets: Uint16Array; count: number; nTnsBands: number };

/**
 * The bands at a sample rate.
 *
 * @param rateIndex 0 (96 kHz) to 12 (7350 Hz).
 * @param isShort For windows of 256 samples. Default: of 2048.
 */
export function bandsOf(rateIndex: number, isShort: boolean): Bands {
  const offsets = isShort ? SHORT_BANDS[SHORT_ROWS[rateIndex]!]! : LONG_BANDS[LONG_ROWS[rateIndex]!]!;
  const nTnsBands = (isShort ? SHORT_TNS_BANDS : LONG_TNS_BANDS)[rateIndex]!;
  return { offsets, count: offsets.length - 1, nTnsBands };
}
