// Who trains, who decides and who is reported, in all folders of real speech alike.

import { speakerPercent } from "./speech-commands-split.ts";

/**
 * What a speaker is for: `training` trains; `dev` chooses checkpoints, settings of the decoder and thresholds; `test` is
 * reported and nothing else.
 */
export type DataPart = "training" | "dev" | "test";

const TEST_BELOW_PERCENT = 20;
const DEV_BELOW_PERCENT = 35;

/**
 * The part of a speaker: by the number that Speech Commands goes by (`speakerPercent`), below 20 test, below 35 dev, else
 * training. It depends on the name alone, so a speaker is in one part over all folders; the test speakers are those whom
 * Speech Commands puts into validation or testing.
 *
 * @param speaker The name of the speaker. Where one voice, or one whose name is not known, says a whole folder: that of the
 *   recording.
 */
export function dataPart(speaker: string): DataPart {
  const percent = speakerPercent(speaker);
  if (percent < TEST_BELOW_PERCENT) return "test";
  return percent < DEV_BELOW_PERCENT ? "dev" : "training";
}
