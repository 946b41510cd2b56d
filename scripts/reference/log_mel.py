"""Reference log-mel spectrograms in double precision, by NumPy's FFT (Debian: python3-numpy).

    /usr/bin/python3 scripts/reference/log_mel.py > fixtures/reference/log-mel.json

The signal is a sum of sines of known frequencies, written out in the test as well. For each front end: every 7th element
of the spectrogram, row-major [nMels, nFrames].
"""

import json

import numpy as np

RATE, WINDOW, FLOOR = 8000, 8192, 1e-3


def signal():
    t = np.arange(WINDOW)
    chirp = np.sin(2 * np.pi * (200 + 0.15 * t) * t / RATE)
    return 0.3 * chirp + 0.05 * np.sin(2 * np.pi * 3210 * t / RATE) * (t > 4000)


def mel_bank(n_fft, n_mels, f_min, f_max):
    to_mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    edges = 700 * (10 ** (np.linspace(to_mel(f_min), to_mel(f_max), n_mels + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(n_fft, 1 / RATE)
    rise = (hz[None] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - hz[None]) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rise, fall))


def log_mel(x, n_fft, win, hop, n_mels, f_min, f_max):
    x = x / np.sqrt(np.mean(x**2))
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(win) / win)
    hann /= np.sqrt(np.sum(hann**2))
    padded = np.pad(x, (win - hop) // 2)
    frames = np.stack([padded[i : i + win] * hann for i in range(0, len(padded) - win + 1, hop)])
    power = np.abs(np.fft.rfft(frames, n_fft)) ** 2
    return np.log(mel_bank(n_fft, n_mels, f_min, f_max) @ power.T + FLOOR)


FRONT_ENDS = {
    "compact": dict(n_fft=256, win=256, hop=128, n_mels=64, f_min=50, f_max=4000),
    "standard": dict(n_fft=512, win=512, hop=64, n_mels=128, f_min=50, f_max=4000),
}
result = {}
for name, options in FRONT_ENDS.items():
    spectrogram = log_mel(signal(), **options)
    result[name] = {"shape": spectrogram.shape, "every7th": [round(v, 6) for v in spectrogram.flatten()[::7]]}
print(json.dumps(result))
