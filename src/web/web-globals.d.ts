// The audio thread's surroundings, which the DOM types leave out (Web Audio API, section 1.32).

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
  abstract process(inputs: Float32Array[][]): boolean;
}

declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

declare const sampleRate: number;

/** Set at build time: the nonce under which the content security policy lets wavesurfer.js add its styles. */
declare const STYLE_NONCE: string;

/** Set at build time: size of what has to be there before the first answer, uncompressed: the runtime and the model. */
declare const FIRST_LOAD_BYTES: number;
