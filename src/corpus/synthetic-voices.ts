// Which programs speak, and in which voices. All are free software that Debian and its like have.

/** One voice of a program. */
export type SyntheticVoice = { program: "espeak-ng" | "flite" | "festival"; voice: string; pitch?: number };

/** Pitch: of eSpeak NG 0..99, of Flite in Hz. Each is a speaker of its own. */
export const SYNTHETIC_VOICES: readonly SyntheticVoice[] = [
  { program: "flite", voice: "kal16" },
  { program: "flite", voice: "awb" },
  { program: "flite", voice: "awb", pitch: 175 },
  { program: "flite", voice: "rms" },
  { program: "flite", voice: "rms", pitch: 150 },
  { program: "flite", voice: "slt" },
  { program: "flite", voice: "slt", pitch: 230 },
  { program: "festival", voice: "voice_kal_diphone" },
  { program: "festival", voice: "voice_ked_diphone" },
  { program: "festival", voice: "voice_cmu_us_slt_arctic_hts" },
  { program: "espeak-ng", voice: "en-us", pitch: 35 },
  { program: "espeak-ng", voice: "en-us+f2", pitch: 60 },
  { program: "espeak-ng", voice: "en-gb+m3", pitch: 40 },
  { program: "espeak-ng", voice: "en-gb-x-rp+f4", pitch: 55 },
  { program: "espeak-ng", voice: "en-gb-scotland+m5", pitch: 45 },
  { program: "espeak-ng", voice: "en-029+f3", pitch: 50 },
  { program: "espeak-ng", voice: "en-gb-x-gbclan+m7", pitch: 50 },
  { program: "espeak-ng", voice: "en-us-nyc+klatt4", pitch: 50 },
];

/** A name for files: letters, digits and hyphens. @param voice Of the list. */
export function nameOfVoice(voice: SyntheticVoice): string {
  const parts = [voice.program, voice.voice.replace(/^voice_/, ""), voice.pitch];
  return parts
    .filter((part) => part !== undefined)
    .join("-")
    .replace(/[^\w-]/g, "-");
}
