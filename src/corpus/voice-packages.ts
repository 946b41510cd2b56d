// Which packages of Debian hold speech without an English digit, and whose voice each of their recordings is.

/** A package and how its recordings are told apart. */
export type VoicePackage = {
  name: string;
  /** As its `copyright` file says for the recordings. */
  licence: string;
  /** Matches the paths of recordings to take; its group `voice` tells whose, where there are several. */
  path: RegExp;
  /** Voices that no training hears, left to try models on; `all` is every one. Default: none. */
  heldOut?: "all" | readonly string[];
};

/**
 * Games and programs for children, in which people say words, letters and sentences in some thirty languages. Left out are
 * numbers, the English of Tux Paint, which has digits, and cries without words.
 */
export const VOICE_PACKAGES: readonly VoicePackage[] = [
  {
    name: "tuxpaint-stamps-default",
    licence: "GPL-2",
    path: /\/stamps\/(?:.+\/)?[^/\d][^/]*_desc_?(?<voice>(?!en)[a-z]{2})(?:_[A-Z]{2})?\.(?:ogg|wav)$/,
    heldOut: ["da", "el", "fr", "nl"],
  },
  {
    name: "klettres-data",
    licence: "GPL-2+",
    path: /\/klettres\/(?<voice>\w+)\/(?:alpha|syllab)\/[^/]+\.ogg$/,
    heldOut: ["en", "fr"],
  },
  {
    name: "ktuberling-data",
    licence: "GPL-2+",
    path: /\/ktuberling\/sounds\/(?<voice>[^/]+)\/[^/]+\.(?:ogg|wav)$/,
    heldOut: ["en", "fr"],
  },
  {
    name: "qabcs-data",
    licence: "GPL-3+",
    path: /\/abcs\/(?<voice>\w+)\/sounds\/.+\.ogg$/,
    heldOut: ["en", "en_gb", "fr"],
  },
  {
    name: "kajongg",
    licence: "GPL-2+",
    path: /\/voices\/(?<voice>.+)\/(?![bcs]\d)[^/]+\.ogg$/,
  },
  {
    name: "hedgewars-data",
    licence: "GFDL-1.3",
    path: /\/voices\/(?<voice>[^/]+)\/(?!Thisoneismine|Laugh|Oo|Ow|Ouch|Hmm|Poison|Jump)[^/]+\.ogg$/,
    heldOut: ["British"],
  },
  {
    name: "fillets-ng-data-cs",
    licence: "GPL-2",
    path: /\/cs\/[^/]+?-(?:(?<voice>[mv])-)?[^/]+\.ogg$/,
  },
  { name: "fillets-ng-data-nl", licence: "GPL-2", path: /\/nl\/[^/]+\.ogg$/, heldOut: "all" },
  { name: "festvox-ru", licence: "BSD-like", path: /\/wav\/[^/]+\.wav$/ },
];

/**
 * Whose voice a file of a package is.
 *
 * @param options The package.
 * @param path In the package, beginning with a slash.
 * @returns The name of the voice among all packages and whether it is held out; undefined for what is not taken.
 */
export function voiceOf(
  { name, path: pattern, heldOut = [] }: VoicePackage,
  path: string,
): { voice: string; heldOut: boolean } | undefined {
  const match = pattern.exec(path);
  if (!match) return undefined;
  const voice = match.groups?.voice;
  return {
    voice: [name, ...(voice?.split("/") ?? [])].join("-"),
    heldOut: heldOut === "all" || heldOut.includes(voice ?? ""),
  };
}
