import { decoder as createDecoder } from "@audio/decode-amr";
import type { PacketDecoder } from "./codec.ts";

/** A decoder of AMR frames (opencore-amr in WebAssembly), a new one for each file. @param codec.wide AMR-WB. */
export async function openAmrDecoder({ wide }: { wide: boolean }): Promise<PacketDecoder> {
  const decoder = await createDecoder();
  // The decoder takes files, so a file's head goes before the first frames.
  let head = Array.from(wide ? "#!AMR-WB\n" : "#!AMR\n", (letter) => letter.charCodeAt(0));
  return {
    decode(packet) {
      const { channelData, sampleRate } = decoder.decode(Uint8Array.from([...head, ...packet]));
      if (sampleRate > 0) head = [];
      return channelData.length > 0 ? [{ channels: channelData, sampleRate }] : [];
    },
    release: () => decoder.free(),
  };
}
