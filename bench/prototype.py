"""The earlier Python prototype's way from a WAV to a digit, for comparison: its mel spectrogram in dB and its net in PyTorch.

    /usr/bin/python3 bench/prototype.py fixtures/samples/*.wav    (Debian: python3-torch, python3-scipy)

Prints one line of JSON: median and mean processor time from file to digit in ms, on one thread. NumPy's FFT stands in for
librosa, which does the same arithmetic in more layers. The weights are random: they change nothing in the time.
"""

import json
import statistics
import sys
import time

import numpy as np
import torch
from scipy.io import wavfile
from torch import nn

N_MELS, N_FRAMES, N_FFT, HOP = 128, 128, 2048, 512
ROUNDS, WARM_UP = 40, 5


def mel_bank(rate):
    to_mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    edges = 700 * (10 ** (np.linspace(0, to_mel(rate / 2), N_MELS + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(N_FFT, 1 / rate)
    rise = (hz[None] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - hz[None]) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rise, fall))


def block(n_in, n_out, last=False):
    layers = [nn.Conv2d(n_in, n_out, 3, padding=1), nn.BatchNorm2d(n_out), nn.ReLU()]
    return layers if last else [*layers, nn.MaxPool2d(2)]


def build_net():
    return nn.Sequential(
        *block(1, 32), *block(32, 64), *block(64, 128), *block(128, 256, last=True),
        nn.AdaptiveAvgPool2d(4), nn.Flatten(),
        nn.Linear(4096, 512), nn.ReLU(), nn.Dropout(0.3),
        nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.3), nn.Linear(256, 10),
    ).eval()


def spectrogram(path, banks):
    rate, pcm = wavfile.read(path)
    if rate not in banks:
        banks[rate] = mel_bank(rate)
    samples = np.pad(pcm.astype(np.float32) / 32768, N_FFT // 2)
    starts = range(0, len(samples) - N_FFT + 1, HOP)
    frames = np.stack([samples[start : start + N_FFT] for start in starts]) * np.hanning(N_FFT)
    mel = banks[rate] @ (np.abs(np.fft.rfft(frames)) ** 2).T
    db = 10 * np.log10(np.maximum(1e-10, mel))
    db = np.maximum(db - db.max(), -80)[:, :N_FRAMES]
    return np.pad(db, ((0, 0), (0, N_FRAMES - db.shape[1])))


def main():
    torch.set_num_threads(1)
    net, banks = build_net(), {}
    wall, cpu = [], []
    with torch.no_grad():
        for call in range(WARM_UP + ROUNDS):
            path = sys.argv[1 + call % (len(sys.argv) - 1)]
            start, used = time.perf_counter(), time.process_time()
            batch = torch.from_numpy(spectrogram(path, banks)[None, None].astype(np.float32))
            int(torch.softmax(net(batch), 1).argmax())
            wall.append(1000 * (time.perf_counter() - start))
            cpu.append(1000 * (time.process_time() - used))
    print(json.dumps({"medianMs": statistics.median(wall[WARM_UP:]), "cpuMs": statistics.mean(cpu[WARM_UP:])}))


main()
