// Runs in the audio thread: hands the microphone's samples on, as they are, in chunks of 20 ms.

const CHUNKS_PER_SECOND = 50;

class CaptureProcessor extends AudioWorkletProcessor {
  #target: MessagePort | null = null;
  #chunk = new Float32Array(Math.round(sampleRate / CHUNKS_PER_SECOND));
  #filled = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | null>) => {
      this.#target = data;
    };
  }

  process([input]: Float32Array[][]): boolean {
    const channel = input?.[0];
    if (this.#target && channel) this.#add(channel);
    return true;
  }

  #add(samples: Float32Array): void {
    for (let i = 0; i < samples.length; i++) {
      this.#chunk[this.#filled] = samples[i]!;
      this.#filled++;
      if (this.#filled === this.#chunk.length) this.#send();
    }
  }

  #send(): void {
    this.#target?.postMessage(this.#chunk, [this.#chunk.buffer]);
    this.#chunk = new Float32Array(Math.round(sampleRate / CHUNKS_PER_SECOND));
    this.#filled = 0;
  }
}

registerProcessor("capture", CaptureProcessor);
