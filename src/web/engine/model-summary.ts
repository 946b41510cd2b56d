import { architecture } from "../../model/architectures.ts";
import type { Classifier } from "../../model/classifier.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import type { ModelSummary } from "./protocol.ts";

/** What the page needs to know of a model. @param classifier The model, loaded. */
export function summarise(classifier: Classifier): ModelSummary {
  const { info, checksum } = classifier;
  const { nMels, fMin, fMax, hopLength } = architecture(info.architecture).logMel;
  const axes = { nMels, fMin, fMax, hopMs: (hopLength / SAMPLE_RATE) * 1000 };
  return { checksum, threshold: info.threshold, parameterCount: info.parameterCount, axes };
}
