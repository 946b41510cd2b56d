// G.711 compands 14-bit samples, so a table of that many entries is all there is to it.
const STEPS = 8192;
const MU = 255;
const TABLE = Float32Array.from({ length: STEPS + 1 }, (_, i) => {
  const code = Math.round((127 * Math.log1p((MU * i) / STEPS)) / Math.log1p(MU));
  return Math.expm1((code / 127) * Math.log1p(MU)) / MU;
});

/**
 * A telephone line: quantisation to 8 bits by the mu-law (mu = 255, the continuous curve of ITU-T G.711), there and back.
 *
 * @param samples Mono. Changed to one of 255 values each; beyond -1..1 they are clipped.
 */
export function muLawInPlace(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    const magnitude = TABLE[Math.min(STEPS, Math.round(Math.abs(x) * STEPS))]!;
    samples[i] = x < 0 ? -magnitude : magnitude;
  }
}
