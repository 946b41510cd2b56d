// A voice that is being taught: takes as they come, each looked at at once.

import { decodeAudio } from "../../audio/decode-audio.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import type { Classifier } from "../../model/classifier.ts";
import { findTakeProblem, type TakeProblem } from "../../model/take-problems.ts";
import { type HeardTake, hearTake, type LabelledTake, teachVoice } from "../../model/teach-voice.ts";
import type { VoiceProfile } from "../../model/voice-profile.ts";
import { MAX_DURATION_MS } from "./clip-store.ts";

/** A digit that was said, in an audio file. */
export type FileTake = { bytes: Uint8Array; label: number };

/** Takes of one speaker. */
export class Teaching {
  readonly #classifier: Classifier;
  readonly #streamModel: () => Promise<StreamModel>;
  readonly #takes: HeardTake[] = [];

  /**
   * @param classifier Whose profile it is going to be.
   * @param streamModel Learns the voice for numbers; asked for at the end.
   */
  constructor(classifier: Classifier, streamModel: () => Promise<StreamModel>) {
    this.#classifier = classifier;
    this.#streamModel = streamModel;
  }

  /**
   * Hears a take. One in which something is wrong is not kept.
   *
   * @param take At least one sample.
   * @returns Null where nothing is wrong.
   */
  async add(take: LabelledTake): Promise<TakeProblem | null> {
    if (take.samples.length === 0) return "silent";
    const heard = await hearTake(this.#classifier, take);
    const problem = findTakeProblem(heard, this.#takes);
    if (problem === null) this.#takes.push(heard);
    return problem;
  }

  /**
   * Hears takes in files, whatever may be wrong with them: teaching leaves out what cannot be used.
   *
   * @param files Of one digit each.
   * @throws {AudioFormatError} One cannot be decoded.
   */
  async addFiles(files: readonly FileTake[]): Promise<void> {
    for (const { bytes, label } of files) {
      const clip = await decodeAudio(bytes, { maxDurationMs: MAX_DURATION_MS });
      this.#takes.push(await hearTake(this.#classifier, { ...clip, label }));
    }
  }

  /**
   * The profile of all takes so far.
   *
   * @param name Whose voice.
   * @throws {VoiceProfileError} `voice-takes`: none of them can be used.
   */
  async finish(name: string): Promise<VoiceProfile> {
    const streamModel = await this.#streamModel();
    return (await teachVoice(this.#classifier, this.#takes, { name, streamModel })).profile;
  }
}
