// What ffmpeg writes: every kind that is read sounds as ffmpeg has it, every other one is refused by name.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeAudio } from "../src/audio/decode-audio.ts";
import { resample } from "../src/audio/resample.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
const HAS_FFMPEG = spawnSync("ffmpeg", ["-version"]).status === 0;

/** What ffmpeg is asked to write: the ending of the file, and its options. */
const WRITTEN: Record<string, string> = {
  ...Object.fromEntries(
    ["u8", "s16le", "s24le", "s32le", "f32le", "f64le", "alaw", "mulaw"].map((form) => [
      `${form} WAV`,
      `wav -c:a pcm_${form}`,
    ]),
  ),
  RF64: "wav -rf64 always",
  "IMA ADPCM": "wav -c:a adpcm_ima_wav",
  "Microsoft ADPCM": "wav -c:a adpcm_ms",
  "WAV into a pipe": "wav -f wav pipe:",
  "MP3 in WAV": "wav -c:a libmp3lame -ar 16000",
  "MP2 in WAV": "wav -c:a mp2 -ar 16000",
  Wave64: "w64",
  AU: "au",
  "AU, mu-law": "au -c:a pcm_mulaw",
  "AU, floating point": "au -c:a pcm_f32be",
  AIFF: "aiff",
  "AIFF-C, IMA ADPCM": "aiff -c:a adpcm_ima_qt",
  "CAF, IMA ADPCM": "caf -c:a adpcm_ima_qt",
  "CAF, MP3": "caf -c:a libmp3lame -ar 16000",
  "AIFF-C, floating point": "aiff -c:a pcm_f32be",
  "CAF, ALAC": "caf -c:a alac",
  "CAF, mu-law": "caf -c:a pcm_mulaw",
  "M4A, ALAC": "m4a -c:a alac",
  "M4A with its index first": "m4a -c:a aac -movflags +faststart",
  "fragmented MP4": "mp4 -c:a aac -movflags frag_keyframe+empty_moov",
  "MOV, 24 bits": "mov -c:a pcm_s24be",
  "Opus in MP4": "mp4 -c:a libopus -ar 48000",
  "FLAC in MP4": "mp4 -c:a flac -strict -2",
  "3GP": "3gp -c:a aac",
  "FLAC of 24 bits": "flac -sample_fmt s32 -ar 48000",
  "FLAC in Ogg": "oga -c:a flac",
  "Vorbis in Matroska": "mka -c:a libvorbis",
  "MP3 in Matroska": "mka -c:a libmp3lame",
  "AAC in Matroska": "mka -c:a aac",
  "FLAC in Matroska": "mka -c:a flac",
  "WebM, live": "webm -c:a libopus -ar 48000 -live 1",
  MP2: "mp2",
  "MP3 of changing bit rate": "mp3 -q:a 9",
  "MP3 without a first frame that tells": "mp3 -write_xing 0 -id3v2_version 0",
  "MP3, joint stereo": "mp3 -ac 2 -joint_stereo 1",
  ...Object.fromEntries(
    [8000, 11_025, 16_000, 22_050, 32_000, 48_000].flatMap((rate) => [
      [`MP3 at ${rate} Hz`, `mp3 -ar ${rate}`],
      [`AAC at ${rate} Hz`, `aac -ar ${rate}`],
    ]),
  ),
};

/** Refused, and how they are named. */
const REFUSED: Record<string, [string, RegExp]> = {
  WMA: ["wma", /Windows Media/],
  WavPack: ["wv", /WavPack/],
  "True Audio": ["tta", /True Audio/],
  "AC-3": ["ac3", /AC-3/],
  AVI: ["avi -c:a pcm_s16le", /AVI/],
  "Flash video": ["flv -ar 44100 -c:a libmp3lame", /Flash/],
  "G.726 in WAV": ["wav -ar 8000 -c:a g726", /G\.726/],
  "64-bit WAV": ["wav -c:a pcm_s64le", /64-bit/],
  "AAC Main": ["m4a -ar 44100 -c:a aac -profile:a aac_main -strict -2", /prediction/],
  "AAC in LATM": ["latm -c:a aac", /LATM/],
  "an MPEG transport stream": ["ts -c:a mp2 -ar 16000", /transport stream/],
  "an MPEG program stream": ["mpg -c:a mp2 -ar 32000", /program stream/],
  VOC: ["voc -c:a pcm_u8", /Creative Voice/],
  NUT: ["nut -c:a pcm_s16le", /NUT/],
  IRCAM: ["sf", /IRCAM/],
  SoX: ["sox", /SoX/],
  RealAudio: ["rm -c:a real_144", /RealAudio/],
  Flash: ["swf -ar 44100 -c:a libmp3lame", /Flash/],
  "Speex in Ogg": ["ogg -c:a libspeex -ar 16000", /Speex/],
};

describe.skipIf(!HAS_FFMPEG)("what ffmpeg writes", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "odd-recordings-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const SOURCE = new URL("samples/7.wav", FIXTURES).pathname;
  const ffmpeg = (...args: string[]) =>
    execFileSync("ffmpeg", ["-v", "error", "-y", "-threads", "1", ...args], { maxBuffer: 1 << 26 });
  const write = (form: string): { path: string; bytes: Uint8Array } => {
    const [ending, ...options] = form.split(" ");
    const path = join(folder, `a.${ending}`);
    if (!form.endsWith("pipe:")) ffmpeg("-i", SOURCE, ...options, path);
    const bytes = form.endsWith("pipe:") ? ffmpeg("-i", SOURCE, ...options) : readFileSync(path);
    return { path, bytes: new Uint8Array(bytes) };
  };

  test.each(Object.entries(WRITTEN))("%s sounds as ffmpeg has it", async (_, form) => {
    const { path, bytes } = write(form);
    const { samples, sampleRate } = await decodeAudio(bytes);
    const theirs = form.endsWith("pipe:") ? SOURCE : path;
    const raw = ffmpeg("-i", theirs, "-ac", "1", "-ar", String(sampleRate), "-f", "f32le", "pipe:");
    const expected = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
    expect(similarity(samples, expected, sampleRate)).toBeGreaterThan(0.95);
  });

  test.each(Object.entries(REFUSED))("%s is refused by its name", async (_, [form, name]) => {
    await expect(decodeAudio(write(form).bytes)).rejects.toMatchObject({
      code: "audio-unsupported",
      message: expect.stringMatching(name),
    });
  });
});

/** Correlation at 8 kHz, at the best of some shifts: players differ in how much of an encoder's delay they leave out. */
function similarity(a: Float32Array, b: Float32Array, sampleRate: number): number {
  const at8kHz = (samples: Float32Array) => resample(samples, { sourceRate: sampleRate, targetRate: 8000 });
  const [x, y] = [at8kHz(a), at8kHz(b)];
  let best = 0;
  for (let shift = -1200; shift <= 1200; shift++) {
    let [xy, xx, yy] = [0, 0, 0];
    for (let i = Math.max(0, -shift); i < x.length && i + shift < y.length; i++) {
      xy += x[i]! * y[i + shift]!;
      xx += x[i]! ** 2;
      yy += y[i + shift]! ** 2;
    }
    best = Math.max(best, xy / Math.sqrt(xx * yy));
  }
  return best;
}
