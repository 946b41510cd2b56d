import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { hzToMel, melFilterBank, melToHz } from "./mel-filter-bank.ts";

const OPTIONS = { sampleRate: 8000, nFft: 256, nMels: 40, fMin: 50, fMax: 4000 };

describe("melFilterBank", () => {
  it("gives each band one triangle that rises and falls, peaking later than the band before", () => {
    const nBins = 129;
    const bank = melFilterBank(OPTIONS);
    let lastCentre = -1;
    for (let band = 0; band < OPTIONS.nMels; band++) {
      const row = Array.from(bank.subarray(band * nBins, (band + 1) * nBins));
      const peak = row.indexOf(Math.max(...row));
      const centre =
        row.reduce((sum, weight, bin) => sum + weight * bin, 0) /
        row.reduce((sum, weight) => sum + weight, 0);
      expect(centre).toBeGreaterThan(lastCentre);
      lastCentre = centre;
      for (let bin = 1; bin <= peak; bin++) expect(row[bin]).toBeGreaterThanOrEqual(row[bin - 1]!);
      for (let bin = peak + 1; bin < nBins; bin++) expect(row[bin]).toBeLessThanOrEqual(row[bin - 1]!);
    }
  });

  it("covers every bin between the band centres with a total weight of 1", () => {
    const bank = melFilterBank(OPTIONS);
    for (let bin = 4; bin < 120; bin++) {
      let total = 0;
      for (let band = 0; band < OPTIONS.nMels; band++) total += bank[band * 129 + bin]!;
      expect(total).toBeCloseTo(1, 5);
    }
  });

  it("moves bands up with a warp above 1", () => {
    const centre = (bank: Float32Array, band: number) => {
      const row = bank.subarray(band * 129, (band + 1) * 129);
      return (
        row.reduce((sum, weight, bin) => sum + weight * bin, 0) / row.reduce((sum, weight) => sum + weight, 0)
      );
    };
    const [plain, warped] = [melFilterBank(OPTIONS), melFilterBank({ ...OPTIONS, warp: 1.1 })];
    expect(centre(warped, 20) / centre(plain, 20)).toBeCloseTo(1.1, 1);
  });

  it("uses the whole band up to half the sample rate unless told otherwise", () => {
    expect(melFilterBank({ sampleRate: 8000, nFft: 256, nMels: 20 })).toEqual(
      melFilterBank({ sampleRate: 8000, nFft: 256, nMels: 20, fMin: 0, fMax: 4000 }),
    );
  });

  it("rejects edges out of order or above half the sample rate", () => {
    expect(() => melFilterBank({ ...OPTIONS, fMin: 4000 })).toThrow(InvalidArgumentError);
    expect(() => melFilterBank({ ...OPTIONS, fMax: 4001 })).toThrow(/got 50\.\.4001/);
    expect(() => melFilterBank({ ...OPTIONS, fMin: -1 })).toThrow(InvalidArgumentError);
  });

  it("rejects bands so narrow that one would hold no bin", () => {
    expect(() => melFilterBank({ ...OPTIONS, nMels: 128 })).toThrow(/band 4 of 128 holds no bin/);
  });
});

describe("the mel scale", () => {
  it("has 1000 mel at 1000 Hz and inverts", () => {
    expect(hzToMel(1000)).toBeCloseTo(1000, 0);
    for (const hz of [0, 50, 440, 3999]) expect(melToHz(hzToMel(hz))).toBeCloseTo(hz, 8);
  });
});
