"""Reference loss and gradients of both nets, by PyTorch (Debian: python3-torch).

    /usr/bin/python3 scripts/reference/net_gradients.py > fixtures/reference/net-gradients.json

Weights, input and targets are sines of their index, so that the test makes the same numbers without storing them; they
are rounded to single precision, all else is in double.
For each parameter: the gradient's sum, Euclidean norm, and its first elements.
"""

import json
import math

import torch
from torch import nn
from torch.nn import functional as F

BATCH, CLASSES = 3, 11


def waves(shape, key, scale):
    count = math.prod(shape)
    index = torch.arange(count, dtype=torch.float64)
    return (torch.sin(index * 0.7 + key) * scale).float().double().reshape(shape)


def conv_stack(x, parameters, channels):
    for i, width in enumerate(channels, 1):
        x = F.conv2d(x, parameters(f"conv{i}.weight", (width, x.shape[1], 3, 3)), padding=1)
        scale = parameters(f"norm{i}.scale", (width,))
        bias = parameters(f"norm{i}.bias", (width,))
        x = F.relu(F.batch_norm(x, None, None, scale, bias, training=True, eps=1e-5))
        if i < len(channels):
            x = F.max_pool2d(x, 2)
    return x


def dense(name, x, units, parameters):
    weight = parameters(f"{name}.weight", (x.shape[1], units))
    return x @ weight + parameters(f"{name}.bias", (units,))


def conv_norm(index, x, parameters, channels, kernel=3, stride=1):
    weight = parameters(f"conv{index}.weight", (channels, x.shape[1], kernel, kernel))
    x = F.conv2d(x, weight, stride=stride, padding=kernel // 2)
    scale = parameters(f"norm{index}.scale", (channels,))
    bias = parameters(f"norm{index}.bias", (channels,))
    return F.batch_norm(x, None, None, scale, bias, training=True, eps=1e-5)


def residual(index, x, parameters):
    channels = x.shape[1]
    h = F.relu(conv_norm(f"{index}a", x, parameters, channels // 2, kernel=1))
    return F.relu(x + conv_norm(f"{index}b", h, parameters, channels))


def compact(x, parameters):
    x = F.relu(conv_norm("1", x, parameters, 32, kernel=5, stride=2))
    x = F.relu(conv_norm("2", x, parameters, 64, stride=2))
    x = residual("3", x, parameters)
    x = F.relu(conv_norm("4", x, parameters, 128, stride=2))
    x = residual("5", x, parameters)
    x = residual("6", x, parameters)
    x = F.relu(conv_norm("7", x, parameters, 192, stride=2))
    x = residual("8", x, parameters).mean(dim=(2, 3))
    return dense("classes", x, CLASSES, parameters)


def standard(x, parameters):
    x = conv_stack(x, parameters, [32, 64, 128, 256])
    x = F.adaptive_avg_pool2d(x, 4).flatten(1)
    x = F.relu(dense("dense1", x, 512, parameters))
    x = F.relu(dense("dense2", x, 256, parameters))
    return dense("classes", x, CLASSES, parameters)


def reference(net, plane):
    made = {}

    def parameters(name, shape):
        scale = 1 if name.endswith(".scale") else math.sqrt(2 / math.prod(shape[1:] or shape))
        made[name] = nn.Parameter(waves(shape, len(made) + 1, scale))
        return made[name]

    logits = net(waves((BATCH, 1, *plane), 0, 1), parameters)
    targets = torch.softmax(waves((BATCH, CLASSES), 0.5, 1), dim=1)
    loss = -(targets * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()
    loss.backward()
    gradients = {
        name: {
            "sum": parameter.grad.sum().item(),
            "norm": parameter.grad.norm().item(),
            "head": parameter.grad.flatten()[:6].tolist(),
        }
        for name, parameter in made.items()
    }
    return {"loss": loss.item(), "logits": logits.flatten().tolist(), "gradients": gradients}


torch.manual_seed(0)
torch.set_num_threads(1)
print(json.dumps({"compact": reference(compact, (64, 64)), "standard": reference(standard, (128, 128))}, indent=1))
