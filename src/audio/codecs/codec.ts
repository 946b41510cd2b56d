/** What a decoder made of one packet: one array for each channel, all of one length. */
export type DecodedBlock = {
  channels: readonly Float32Array[];
  /** Hz. */
  sampleRate: number;
};

/** Decodes the packets of one track in order. Nothing is kept of a packet but what the codec itself keeps. */
export type PacketDecoder = {
  /**
   * @param packet One packet of the container, not empty.
   * @returns What comes out: none, one or more blocks, made as they are asked for.
   * @throws Any error, also while the blocks are made: the packet is damaged.
   */
  decode(packet: Uint8Array): Iterable<DecodedBlock> | Promise<Iterable<DecodedBlock>>;
  /** Samples at the start that are the codec's delay, whatever the container says. Default: 0. */
  readonly leastSkipped?: number;
  /** Damaged parts of packets that were left out without an error. */
  readonly nDamaged?: number;
  /**
   * Gives back what the decoder holds; to be called once, also after an error.
   *
   * @param intact False after an error: what is kept for other files is then made anew.
   */
  release(intact: boolean): void;
};

/** The most channels of a compressed track: 7.1. */
export const MAX_CHANNELS = 8;

/** Whole numbers as samples. @param numbers Of one channel. @param scale What each is multiplied by. */
export function scaled(numbers: Int32Array | Float64Array, scale: number): Float32Array {
  const samples = new Float32Array(numbers.length);
  for (let i = 0; i < samples.length; i++) samples[i] = numbers[i]! * scale;
  return samples;
}
