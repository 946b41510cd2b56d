// Whose recordings a model is trained on, and under which licences: what a model's card has to say.

import { ModelFormatError } from "../errors.ts";
import type { ModelInfo } from "../model/model-metadata.ts";

/** A corpus as its makers ask to be named. */
export type CorpusAttribution = {
  title: string;
  /** Who made or recorded it. */
  creators: string;
  /** Where it is published. */
  url: string;
  licence: string;
  licenceUrl: string;
  /** What of it trains models here. */
  used: string;
  /** The paper that describes it. */
  citation?: string;
  /** Its name on the Hugging Face hub. */
  hubId?: string;
};

/** Every corpus that models of this package may be trained on, by the name its reader gives it. */
export const TRAINING_CORPORA = {
  fsdd: {
    title: "Free Spoken Digit Dataset",
    creators: "Zohar Jackson and contributors",
    url: "https://github.com/Jakobovski/free-spoken-digit-dataset",
    licence: "CC BY-SA 4.0",
    licenceUrl: "https://creativecommons.org/licenses/by-sa/4.0/",
    used: "digits of six speakers, without the official test part (takes 0-4)",
  },
  "speech-commands": {
    title: "Speech Commands",
    creators: "Pete Warden, Google",
    url: "http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
    licence: "CC BY 4.0",
    licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
    used: "digits and other words of the speakers of its training part, and recordings of noise",
    citation:
      'P. Warden, "Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition", arXiv:1804.03209, 2018',
    hubId: "google/speech_commands",
  },
  esc10: {
    title: "ESC-10",
    creators: "Karol J. Piczak, from recordings of the Freesound project",
    url: "https://github.com/karoldvl/ESC-10",
    licence: "CC BY 3.0",
    licenceUrl: "https://creativecommons.org/licenses/by/3.0/",
    used: "environmental sounds of all folds but the third, as noise",
    citation:
      'K. J. Piczak, "ESC: Dataset for Environmental Sound Classification", Proceedings of the 23rd ACM International ' +
      "Conference on Multimedia, 2015",
  },
  an4: {
    title: "CMU AN4",
    creators: "Carnegie Mellon University",
    url: "http://www.speech.cs.cmu.edu/databases/an4/",
    licence: "AN4 licence: free for any purpose",
    licenceUrl: "http://www.speech.cs.cmu.edu/databases/an4/LICENSE.html",
    used: "letters, words and phrases without a digit; models of numbers: fluent numbers too",
  },
  asterisk: {
    title: "Asterisk core sounds (English)",
    creators: "Allison Smith; Digium, Inc.",
    url: "http://downloads.asterisk.org/pub/telephony/asterisk/",
    licence: "CC BY-SA 3.0",
    licenceUrl: "https://creativecommons.org/licenses/by-sa/3.0/",
    used: "letters, numbers beyond nine, words and phrases without a digit",
  },
  keywords: {
    title: "Custom Speech Commands Dataset",
    creators: "Shawn Hymel and contributors",
    url: "https://github.com/ShawnHymel/custom-speech-commands-dataset",
    licence: "CC BY 4.0",
    licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
    used: "keywords and phrases without a digit",
  },
  "phone-numbers": {
    title: "Alphanumeric audio dataset: telephone numbers",
    creators: "Sakshee5",
    url: "https://github.com/Sakshee5/alphanumeric-audio-dataset",
    licence: "MIT",
    licenceUrl: "https://opensource.org/license/mit",
    used: "telephone numbers of its training speakers",
  },
  "spelled-names": {
    title: "Alphanumeric audio dataset: names",
    creators: "Sakshee5",
    url: "https://github.com/Sakshee5/alphanumeric-audio-dataset",
    licence: "MIT",
    licenceUrl: "https://opensource.org/license/mit",
    used: "names spelled letter by letter by its training speakers",
  },
  speechocean762: {
    title: "speechocean762",
    creators: "Junbo Zhang and others, Xiaomi and SpeechOcean",
    url: "https://www.openslr.org/101/",
    licence: "free for commercial and other use",
    licenceUrl: "https://www.openslr.org/101/",
    used: "strings of digits, and sentences with and without digits, of its training speakers",
    citation:
      'J. Zhang et al., "speechocean762: An Open-Source Non-native English Speech Corpus For Pronunciation Assessment", ' +
      "Interspeech, 2021",
  },
  librispeech: {
    title: "LibriSpeech",
    creators: "Vassil Panayotov and others, from recordings of LibriVox",
    url: "https://www.openslr.org/12/",
    licence: "CC BY 4.0",
    licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
    used: "sentences with and without digits",
    citation:
      'V. Panayotov et al., "LibriSpeech: an ASR corpus based on public domain audio books", IEEE ICASSP, 2015',
    hubId: "openslr/librispeech_asr",
  },
  "duke-kunshan": {
    title: "CS304 speech recognition",
    creators: "Matty-7",
    url: "https://github.com/Matty-7/CS304-SpeechRecognition",
    licence: "MIT",
    licenceUrl: "https://opensource.org/license/mit",
    used: "strings of four to thirteen digits, one voice",
  },
  "numbers-one-voice": {
    title: "Moshi finetuning: numbers",
    creators: "adsorce",
    url: "https://github.com/adsorce/moshi-finetune",
    licence: "Apache-2.0 or MIT",
    licenceUrl: "https://www.apache.org/licenses/LICENSE-2.0",
    used: "telephone, order and ZIP numbers, one voice",
  },
  wuw2: {
    title: "WUW Corpus II",
    creators: "Veton Këpuska, Florida Institute of Technology",
    url: "https://doi.org/10.5772/16242",
    licence: "CC BY-SA 4.0",
    licenceUrl: "https://creativecommons.org/licenses/by-sa/4.0/",
    used: "telephone calls of its training speakers",
  },
  "wake-words": {
    title: "Wake word benchmark",
    creators: "Picovoice",
    url: "https://github.com/Picovoice/wake-word-benchmark",
    licence: "Apache-2.0",
    licenceUrl: "https://www.apache.org/licenses/LICENSE-2.0",
    used: "wake words of its training speakers",
  },
  voices: {
    title: "Voices of free programs, as Debian packages them",
    creators:
      "the speakers and authors of Tux Paint's stamps, KLettres, KTuberling, qABCs, Kajongg, Hedgewars, Fish Fillets NG " +
      "and the Russian voice of Festival",
    url: "https://www.debian.org/distrib/packages",
    licence: "GPL 2 and later, GFDL 1.3, BSD",
    licenceUrl: "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html",
    used: "letters, words and sentences without a digit, most of them in other languages than English",
  },
  synthesized: {
    title: "Speech of eSpeak NG, Flite and Festival",
    creators: "Jonathan Duddington, Reece H. Dunn; Carnegie Mellon University; University of Edinburgh",
    url: "https://github.com/espeak-ng/espeak-ng",
    licence: "made by the programs; theirs are GPL 3 and later, and BSD-like",
    licenceUrl: "https://github.com/festvox/flite/blob/master/COPYING",
    used: "digits, letters, words and numbers by eighteen synthetic voices",
  },
} as const satisfies Record<string, CorpusAttribution>;

/** Name of a corpus of {@link TRAINING_CORPORA}. */
export type TrainingCorpus = keyof typeof TRAINING_CORPORA;

/**
 * What a model was trained on.
 *
 * @param info Of its file: `training.corpora` lists the corpora.
 * @returns In the order of {@link TRAINING_CORPORA}.
 * @throws {ModelFormatError} The file does not say, or names a corpus that has no attribution here.
 */
export function corporaOf(info: Pick<ModelInfo, "training">): TrainingCorpus[] {
  const { corpora } = info.training;
  const isKnown = (name: unknown) => (ALL_CORPORA as readonly unknown[]).includes(name);
  if (Array.isArray(corpora) && corpora.length > 0 && corpora.every(isKnown)) {
    return ALL_CORPORA.filter((name) => corpora.includes(name));
  }
  throw new ModelFormatError(
    `model file: its metadata must list in training.corpora some of ${ALL_CORPORA.join(", ")}, got ` +
      `${JSON.stringify(corpora)}; without it nobody can tell whose recordings it was trained on`,
  );
}

const ALL_CORPORA = Object.keys(TRAINING_CORPORA) as TrainingCorpus[];

/**
 * The text that names all whose recordings a model was trained on.
 *
 * @param corpora Which.
 * @returns Markdown, ended by a line feed.
 */
export function attributionText(corpora: readonly TrainingCorpus[]): string {
  const entries = corpora.map((name) => {
    const { title, creators, url, licence, licenceUrl, ...rest } = TRAINING_CORPORA[
      name
    ] as CorpusAttribution;
    const citation = rest.citation === undefined ? "" : `\n  ${rest.citation}.`;
    return (
      `- **[${title}](${url})** by ${creators}, [${licence}](${licenceUrl}).\n` +
      `  Used: ${rest.used}; resampled to 8 kHz, and changed at random in training.${citation}`
    );
  });
  return (
    "# Attribution\n\nThe weights of this model were computed from recordings of these corpora. No recording is part of " +
    `the model.\n\n${entries.join("\n")}\n`
  );
}
