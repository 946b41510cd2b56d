import { describe, expect, it } from "vitest";
import { dataPart } from "./data-part.ts";
import { speakerPart } from "./speech-commands-split.ts";

const NAMES = Array.from({ length: 4000 }, (_, i) => `speaker-${i}`);

describe("dataPart", () => {
  it("gives a fifth to the test, three in twenty to decisions, and the rest to training", () => {
    const share = (part: string) => NAMES.filter((name) => dataPart(name) === part).length / NAMES.length;
    expect(share("test")).toBeCloseTo(0.2, 1);
    expect(share("dev")).toBeCloseTo(0.15, 1);
    expect(share("training")).toBeCloseTo(0.65, 1);
  });

  it("tests those whom the rule of Speech Commands holds out, and no others", () => {
    for (const name of NAMES) expect(dataPart(name) === "test", name).toBe(speakerPart(name) !== "training");
  });

  it("never changes for a speaker", () => {
    expect(["mblw", "fclc", "so762-0001"].map(dataPart)).toEqual(["training", "test", "test"]);
  });
});
