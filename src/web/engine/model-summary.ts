import { STREAM_LOG_MEL } from "../../live/stream-net.ts";
import { architecture } from "../../model/architectures.ts";
import type { Classifier } from "../../model/classifier.ts";
import { type LogMelOptions, SAMPLE_RATE } from "../../model/log-mel.ts";
import type { ModelSummary, SpectrogramAxes } from "./protocol.ts";

/** What the page needs to know of the models. @param classifier The one for single digits, loaded. */
export function summarise(classifier: Classifier): ModelSummary {
  const { info, checksum } = classifier;
  return {
    checksum,
    threshold: info.threshold,
    parameterCount: info.parameterCount,
    axes: axesOf(architecture(info.architecture).logMel),
    streamAxes: axesOf(STREAM_LOG_MEL),
  };
}

function axesOf({ nMels, fMin, fMax, hopLength }: LogMelOptions): SpectrogramAxes {
  return { nMels, fMin, fMax, hopMs: (hopLength / SAMPLE_RATE) * 1000 };
}
