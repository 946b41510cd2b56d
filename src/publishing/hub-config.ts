// The two files from which programs of the `transformers` family learn what a model takes and gives. They know no model
// type that fits; "wav2vec2" is the one whose inputs and outputs ours has: `input_values` in, `logits` out.

import type { ModelInfo } from "../model/model-metadata.ts";

/**
 * `config.json`: the classes, and for our own programs the threshold.
 *
 * @param info What the model file says of itself.
 */
export function modelConfig(info: ModelInfo): Record<string, unknown> {
  return {
    model_type: "wav2vec2",
    architectures: ["Wav2Vec2ForSequenceClassification"],
    id2label: Object.fromEntries(info.labels.map((label, id) => [String(id), label])),
    label2id: Object.fromEntries(info.labels.map((label, id) => [label, id])),
    spoken_digits: {
      architecture: info.architecture,
      threshold: info.threshold,
      sampling_rate: info.sampleRate,
    },
  };
}

/**
 * `preprocessor_config.json`: samples as they are, mono, at the model's rate. The level is set inside the model.
 *
 * @param info What the model file says of itself.
 */
export function preprocessorConfig(info: ModelInfo): Record<string, unknown> {
  return {
    feature_extractor_type: "Wav2Vec2FeatureExtractor",
    feature_size: 1,
    sampling_rate: info.sampleRate,
    do_normalize: false,
    padding_value: 0,
    return_attention_mask: false,
  };
}
