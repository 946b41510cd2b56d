#!/bin/sh
# Makes fixtures/audio/: one spoken word in every format and WAV variant that decodeAudio reads. Needs ffmpeg, with
# libmp3lame, libopus and libvorbis. The result is committed; run this only to change it.
set -eu
cd "$(dirname "$0")/.."
word=fixtures/samples/8.wav
out=fixtures/audio
mkdir -p "$out"

make() { # FILE FFMPEG-OPTION...
  file=$out/$1
  shift
  ffmpeg -hide_banner -loglevel error -y -i "$word" -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$@" "$file"
}

make pcm-8.wav -c:a pcm_u8
make pcm-16.wav -c:a pcm_s16le
make pcm-24.wav -c:a pcm_s24le
make pcm-32.wav -c:a pcm_s32le
make float-32.wav -c:a pcm_f32le
make a-law.wav -c:a pcm_alaw
make mu-law.wav -c:a pcm_mulaw
make stereo-44100.wav -c:a pcm_s16le -ar 44100 -ac 2
make six-channels-extensible.wav -c:a pcm_s16le -af "pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0"
make tagged.wav -c:a pcm_s16le -metadata title=eight -fflags -bitexact
make ima-adpcm.wav -c:a adpcm_ima_wav
make big-endian.aiff -c:a pcm_s16be
make little-endian.aifc -f aiff -c:a pcm_s16le
make mono-8000.flac -c:a flac
make stereo-44100.flac -c:a flac -ar 44100 -ac 2 -sample_fmt s16
make mono-44100.mp3 -c:a libmp3lame -ar 44100 -b:a 64k
make tagged-stereo.mp3 -c:a libmp3lame -ar 22050 -ac 2 -b:a 48k -metadata title=eight -id3v2_version 3
make mono-44100.m4a -c:a aac -ar 44100 -b:a 48k
make fragmented.mp4 -c:a aac -ar 48000 -b:a 48k -movflags frag_keyframe+empty_moov+default_base_moof
make mono-16000.aac -f adts -c:a aac -ar 16000 -b:a 32k
make mono-44100.ogg -c:a libvorbis -ar 44100 -b:a 64k
make mono-48000.opus -c:a libopus -b:a 24k
make stereo-48000.webm -c:a libopus -b:a 32k -ac 2
make live.webm -c:a libopus -b:a 24k -f webm -live 1 -cluster_time_limit 100
