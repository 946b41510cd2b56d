// Decodes what it is sent, one file after another, in a process of its own.

import { decodeAudio } from "../../src/audio/decode-audio.ts";
import { AudioFormatError } from "../../src/errors.ts";

process.on("message", async (bytes: Uint8Array) => {
  const before = process.cpuUsage();
  const outcome = await outcomeOf(bytes);
  const { user, system } = process.cpuUsage(before);
  process.send?.({
    outcome,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  });
});
process.send?.("ready");

async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    const { samples, sampleRate } = await decodeAudio(bytes);
    const isRight = samples.length > 0 && samples.every(Number.isFinite) && Number.isInteger(sampleRate);
    return isRight ? "decoded" : `wrong: ${samples.length} samples at ${sampleRate} Hz`;
  } catch (error) {
    if (error instanceof AudioFormatError) return error.code;
    return `untyped: ${error instanceof Error ? error.stack : String(error)}`;
  }
}
