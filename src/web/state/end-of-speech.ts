// When a recording may end by itself: somebody has spoken, and has been quiet since.

// Speech is so much louder than the quietest that was heard lately, and never below the second of these.
const ABOVE_FLOOR_DB = 12;
const QUIETEST_SPEECH_DB = -55;
const LEAST_SPEECH_MS = 120;
// The floor follows a room that grows louder, slowly.
const FLOOR_RISE_DB_PER_S = 3;

/** Quiet after which a number is over: longer than the pauses in it. */
const NUMBER_QUIET_MS = 1500;

/** Follows the level of a recording. */
export class EndOfSpeech {
  readonly #quietMs: number;
  #floorDb: number;
  #speechMs = 0;
  #lastSpeechMs = 0;
  #lastMs = 0;

  /**
   * @param options.quietMs Quiet after which the speech is over. Default: as long as after a number.
   * @param options.floorDb The quietest that was heard just before. Default: nothing was.
   */
  constructor({ quietMs = NUMBER_QUIET_MS, floorDb = 0 }: { quietMs?: number; floorDb?: number } = {}) {
    this.#quietMs = quietMs;
    this.#floorDb = floorDb;
  }

  /** The quietest that was heard lately, in dB of full scale. */
  get floorDb(): number {
    return this.#floorDb;
  }

  /**
   * Takes in the level of a moment.
   *
   * @param levelDb In dB of full scale.
   * @param nowMs When it ended, in ms since the recording began.
   * @returns Whether the speech is over.
   */
  push(levelDb: number, nowMs: number): boolean {
    const passedMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    this.#floorDb = Math.min(levelDb, this.#floorDb + (FLOOR_RISE_DB_PER_S * passedMs) / 1000);
    if (levelDb > Math.max(QUIETEST_SPEECH_DB, this.#floorDb + ABOVE_FLOOR_DB)) {
      this.#speechMs += passedMs;
      this.#lastSpeechMs = nowMs;
    }
    return this.#speechMs >= LEAST_SPEECH_MS && nowMs - this.#lastSpeechMs >= this.#quietMs;
  }
}
