// Which recordings train a model, which validate and calibrate it, and which then test it, once.

import { type Dataset, recordingsOf } from "../corpus/dataset.ts";
import type { SplitCorpora } from "../corpus/read-corpora.ts";
import type { Recording } from "../corpus/recording.ts";
import {
  carveValidation,
  officialSplit,
  randomSplit,
  speakerFolds,
  type TrainTestSplit,
} from "../corpus/splits.ts";
import { CorpusError, InvalidArgumentError } from "../errors.ts";
import { type CalibrationRecordings, calibrationOf } from "./calibrate-classifier.ts";
import type { ClassifierRecipe } from "./recipe.ts";
import type { RunData } from "./training-run.ts";

/** Names of the protocols, and what each trains on and tests. */
export const PROTOCOLS = {
  "fsdd-official": "FSDD, takes 5-49 train, takes 0-4 test",
  "fsdd-random": "FSDD, a stratified random 80 % train, 20 % test",
  "fsdd-loso": "FSDD, six trainings, each tested on the speaker it left out",
  all: "FSDD takes 5-49 and the training speakers of all other corpora train; FSDD takes 0-4, validation speakers and unseen words test",
  "all-loso": "all corpora, six trainings, each tested on the speaker of FSDD it left out",
} as const;

/** Name of a protocol. */
export type ProtocolName = keyof typeof PROTOCOLS;

/** What a protocol draws on. */
export type ProtocolCorpora = {
  /** All of the Free Spoken Digit Dataset. */
  fsdd: readonly Recording[];
  /** Needed by the protocols over all corpora. Default: none. */
  others?: SplitCorpora;
};

/** One training, and what tests it. */
export type Fold = RunData & {
  name: string;
  test: readonly Recording[];
  /** What the finished net is calibrated on. Default: it is not. */
  calibration?: CalibrationRecordings;
  /** Default: those of the recipe. */
  steps?: number;
};

/**
 * The trainings of a protocol.
 *
 * @param name Which.
 * @param recipe For the seed and the share that validates.
 * @param options What it draws on.
 * @throws {InvalidArgumentError} The protocol is unknown or does not suit the recordings.
 * @throws {CorpusError} `corpus-missing`: it needs digits or negatives that there are none of.
 */
export function foldsOf(
  name: ProtocolName,
  recipe: ClassifierRecipe,
  { fsdd, others }: ProtocolCorpora,
): Fold[] {
  if (!Object.hasOwn(PROTOCOLS, name)) {
    throw new InvalidArgumentError(
      `protocol: must be one of ${Object.keys(PROTOCOLS).join(", ")}, got "${name}"`,
    );
  }
  const splits = splitsOf(name, fsdd, recipe.seed);
  if (!name.startsWith("all")) {
    return splits.map((split) => ({ ...split, ...carve(split.train, recipe) }));
  }
  if (!others) throw new InvalidArgumentError(`protocol: ${name} needs the other corpora`);
  checkCorpora(others);
  return splits.map((split) => withOthers(split, others));
}

function splitsOf(
  name: ProtocolName,
  fsdd: readonly Recording[],
  seed: number,
): (TrainTestSplit & { name: string })[] {
  if (name === "fsdd-random") return [{ name, ...randomSplit(fsdd, { seed }) }];
  if (!name.endsWith("loso")) return [{ name, ...officialSplit(fsdd) }];
  return speakerFolds(fsdd).map((fold) => ({ ...fold, name: `without-${fold.speaker}` }));
}

function carve(all: readonly Recording[], { seed, validationShare }: ClassifierRecipe): RunData {
  if (validationShare === 0) return { train: [digits(all)], validation: [] };
  const { train, validation } = carveValidation(all, { seed, share: validationShare });
  return { train: [digits(train)], validation: [digits(validation)] };
}

const digits = (recordings: readonly Recording[]): Dataset => ({ role: "digits", recordings });

/** Training on all corpora takes other voices, and calibration digits and other words by held-out speakers. */
function checkCorpora({ training, validation }: SplitCorpora): void {
  const advice = "get all corpora with `spoken-digits data --corpus all`";
  if (recordingsOf(training, "digits").length === 0) {
    throw new CorpusError(
      "corpus-missing",
      "training on all corpora needs Speech Commands; fetch it with `spoken-digits data --corpus all`, or name a folder " +
        "that holds speech-commands/ with --data or SPOKEN_DIGITS_DATA",
    );
  }
  for (const role of ["digits", "negatives"] as const) {
    if (recordingsOf(validation, role).length > 0) continue;
    throw new CorpusError(
      "corpus-missing",
      `runProtocol: the corpora hold no ${role} by held-out speakers, which the finished model is calibrated on; ${advice}`,
    );
  }
}

function withOthers({ name, train, test }: TrainTestSplit & { name: string }, others: SplitCorpora): Fold {
  const calibration = calibrationOf(others.validation);
  // In recordings of fluent speech there are digits, and more than one thing is said.
  const unseenWords = others.test.flatMap(({ role, recordings }) => (role === "fluent" ? [] : recordings));
  return {
    name,
    // Classifiers have no use for prompts, which have to be played in other voices.
    train: [digits(train), ...others.training.filter(({ role }) => role !== "prompts")],
    validation: [digits(recordingsOf(others.validation, "digits"))],
    test: name === "all" ? [...test, ...calibration.words, ...unseenWords] : test,
    calibration,
  };
}

/**
 * What no speaker of FSDD has said, for the training that the others go on from.
 *
 * @param name Which protocol.
 * @param corpora What it draws on.
 * @param steps Of that training. Default: there is none.
 * @throws {InvalidArgumentError} The protocol has no such training.
 */
export function sharedFold(
  name: ProtocolName,
  { others }: ProtocolCorpora,
  steps: number | undefined,
): Fold | undefined {
  if (steps === undefined) return undefined;
  if (name === "all-loso" && others) {
    return { ...withOthers({ name: "without-fsdd", train: [], test: [] }, others), steps };
  }
  throw new InvalidArgumentError(`runProtocol: shared steps are for all-loso, not for ${name}`);
}
