import type { PcmLayout } from "./pcm.ts";

/** Tracks that a file may have before the one that is heard, and in a chain; films have some tens. */
export const MAX_TRACKS = 256;

/** How the packets of a track are coded, with what their decoder has to know. */
export type TrackCodec =
  | { kind: "pcm"; layout: PcmLayout; sampleRate: number }
  | {
      kind: "ima-adpcm" | "ms-adpcm" | "quicktime-adpcm";
      nChannels: number;
      blockAlign: number;
      sampleRate: number;
    }
  | { kind: "mp3" }
  /** `config`: an AudioSpecificConfig (ISO/IEC 14496-3). */
  | { kind: "aac"; config: Uint8Array }
  /** `cookie`: an ALACSpecificConfig of at least 24 bytes. */
  | { kind: "alac"; cookie: Uint8Array }
  /** `head`: an OpusHead (RFC 7845). */
  | { kind: "opus"; head: Uint8Array }
  /** `headers`: the identification and the set-up packet. */
  | { kind: "vorbis"; identification: Uint8Array; setup: Uint8Array }
  /** `streamInfo`: the 34 bytes of a STREAMINFO block (RFC 9639). */
  | { kind: "flac"; streamInfo: Uint8Array }
  /** `wide`: AMR-WB. Packets begin with their frame header. */
  | { kind: "amr"; wide: boolean };

/** One packet of a track. */
export type Packet = {
  /** A view into the file; not empty. */
  data: Uint8Array;
  /** Seconds of its sound to leave out at its end. Default: 0. */
  discardSeconds?: number;
  /** Seconds to keep of its sound and that of all that follow. Default: all. */
  restSeconds?: number;
};

/** One sound track: how it is coded, where its packets lie, and which part of its sound counts. */
export type Track = {
  codec: TrackCodec;
  /** In order; iterated as often as the track is decoded. */
  packets: Iterable<Packet>;
  /** Seconds to leave out at the start: the encoder's delay. Default: 0. */
  skipSeconds?: number | undefined;
  /** Seconds to keep after that. Default: all. */
  durationSeconds?: number | undefined;
  /** Samples of each channel that the header promises; fewer make the file truncated. Default: not said. */
  nPromised?: number | undefined;
  /** Whether the file ends before its last packet; to be asked once all packets have been read. Default: no. */
  isCut?: () => boolean;
  /** The track that is chained behind this one, where there is one and it can be read. */
  next?: () => Track | undefined;
  /** What is odd about the file and was read all the same, for people. */
  note?: string | undefined;
};
