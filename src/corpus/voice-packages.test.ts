import { expect, it } from "vitest";
import { VOICE_PACKAGES, voiceOf } from "./voice-packages.ts";

const inPackage = (name: string, path: string) =>
  voiceOf(VOICE_PACKAGES.find((source) => source.name === name)!, path);

it.each([
  ["tuxpaint-stamps-default", "/usr/share/tuxpaint/stamps/animals/frog_desc_ca.ogg", "ca", false],
  ["tuxpaint-stamps-default", "/usr/share/tuxpaint/stamps/animals/frog_desc_el.ogg", "el", true],
  ["klettres-data", "/usr/share/klettres/pt_BR/syllab/ba.ogg", "pt_BR", false],
  ["klettres-data", "/usr/share/klettres/en/alpha/b.ogg", "en", true],
  ["ktuberling-data", "/usr/share/ktuberling/sounds/sl/hat.wav", "sl", false],
  ["qabcs-data", "/usr/share/qabcs/abcs/de/sounds/words/affe.ogg", "de", false],
  ["kajongg", "/usr/share/kajongg/voices/de/male1/pung.ogg", "de-male1", false],
  ["hedgewars-data", "/usr/share/games/hedgewars/Data/Sounds/voices/Pirate/Hurry.ogg", "Pirate", false],
  ["fillets-ng-data-cs", "/usr/share/games/fillets-ng/sound/city/cs/vit-m-hlava.ogg", "m", false],
])("%s: %s is of the voice %s", (name, path, voice, heldOut) => {
  expect(inPackage(name, path)).toEqual({ voice: `${name}-${voice}`, heldOut });
});

it("a package of one voice bears its name", () => {
  const path = "/usr/share/games/fillets-ng/sound/city/nl/vit-hs-klid1.ogg";
  expect(inPackage("fillets-ng-data-nl", path)).toEqual({ voice: "fillets-ng-data-nl", heldOut: true });
});

it.each([
  ["tuxpaint-stamps-default", "/usr/share/tuxpaint/stamps/symbols/math/0.ogg"],
  ["tuxpaint-stamps-default", "/usr/share/tuxpaint/stamps/symbols/math/7_desc_es.ogg"],
  ["tuxpaint-stamps-default", "/usr/share/tuxpaint/stamps/animals/frog_desc_en_GB.ogg"],
  ["tuxpaint-stamps-default", "/usr/share/tuxpaint/stamps/animals/frog.ogg"],
  ["kajongg", "/usr/share/kajongg/voices/male1/b7.ogg"],
  ["hedgewars-data", "/usr/share/games/hedgewars/Data/Sounds/voices/Pirate/Thisoneismine.ogg"],
  ["hedgewars-data", "/usr/share/games/hedgewars/Data/Sounds/explosion.ogg"],
])("%s: %s is not taken", (name, path) => {
  expect(inPackage(name, path)).toBeUndefined();
});
