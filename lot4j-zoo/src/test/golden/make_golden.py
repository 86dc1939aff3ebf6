#!/usr/bin/env python3
"""Writes the golden files of the image models: what PyTorch computes with known weights.

    apt-get install -y python3-torch python3-torchvision
    /usr/bin/python3 make_golden.py ../resources/golden [CASE ...]

Weights and inputs follow a closed form, `fill` below, which GoldenTest.java repeats bit for bit, so
no weight is stored. Everything is computed in float64; the tests compare in float64 and in float32.
ResNet and MobileNetV2 are torchvision's; the other networks are written here from their papers and
public implementations, independently of the Java code. Dropout is 0 throughout.

A file holds: names and shapes of parameters and buffers; logits in eval mode; logits, loss (cross
entropy, labels (3 + 7·i) mod classes) and gradients in train mode (norm, first, middle and last
element); the sum of every buffer after that forward; and the margin: how far from a kink, in units
of its layer's root mean square, the nearest input of a ReLU lies. Rounding moves it by about 1e-6.
Where it crosses, a gradient jumps, rightly; so inputs are small and of several the one with the
largest margin is taken.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision

torch.set_num_threads(1)


def fill(name, count):
    """`count` numbers in [-0.5, 0.5), a hash of the position, started from the name."""
    seed = 0
    for character in name:
        seed = (seed * 31 + ord(character)) & 0xFFFFFFFF
    x = np.arange(1, count + 1, dtype=np.uint64) + np.uint64(seed)
    mask = np.uint64(0xFFFFFFFF)
    x = (x * np.uint64(2654435761)) & mask
    x ^= x >> np.uint64(16)
    x = (x * np.uint64(73244475)) & mask
    x ^= x >> np.uint64(16)
    return x.astype(np.float64) / 4294967296.0 - 0.5


def value(name, shape):
    """The value of a parameter or buffer: unit-gain weights, norms and statistics near identity."""
    count = int(np.prod(shape)) if len(shape) else 1
    u = fill(name, count)
    if name.endswith("num_batches_tracked"):
        return torch.zeros((), dtype=torch.int64)
    if name.endswith("running_var"):
        u = 1 + 0.5 * u
    elif name.endswith("running_mean") or name.endswith("bias"):
        u = 0.2 * u
    elif len(shape) == 1:
        u = 1 + 0.5 * u
    else:
        u = u * np.sqrt(24.0 / (count // shape[0]))
    return torch.from_numpy(u.reshape(shape))


class PreBlock(nn.Module):
    """Pre-activation block of bearpaw/pytorch-classification's preresnet, basic or bottleneck."""

    def __init__(self, inplanes, planes, stride, bottleneck):
        super().__init__()
        out = planes * (4 if bottleneck else 1)
        self.bn1 = nn.BatchNorm2d(inplanes)
        if bottleneck:
            self.conv1 = nn.Conv2d(inplanes, planes, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(planes)
            self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(planes)
            self.conv3 = nn.Conv2d(planes, out, 1, bias=False)
        else:
            self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(planes)
            self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
            self.conv3 = None
        self.downsample = None
        if stride != 1 or inplanes != out:
            self.downsample = nn.Sequential(nn.Conv2d(inplanes, out, 1, stride, bias=False))

    def forward(self, x):
        out = self.conv1(F.relu(self.bn1(x)))
        out = self.conv2(F.relu(self.bn2(out)))
        if self.conv3 is not None:
            out = self.conv3(F.relu(self.bn3(out)))
        return out + (x if self.downsample is None else self.downsample(x))


class PreResNet(nn.Module):
    def __init__(self, depth, channels, classes):
        super().__init__()
        bottleneck = depth >= 44
        n = (depth - 2) // (9 if bottleneck else 6)
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        inplanes = 16
        for stage, planes in enumerate((16, 32, 64)):
            blocks = []
            for i in range(n):
                blocks.append(PreBlock(inplanes, planes, 2 if stage and not i else 1, bottleneck))
                inplanes = planes * (4 if bottleneck else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.bn = nn.BatchNorm2d(inplanes)
        self.fc = nn.Linear(inplanes, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.conv1(x))))
        x = F.relu(self.bn(x))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class HeBlock(nn.Module):
    """Basic block of He et al. 2016 with option A: subsampled and zero-padded identity."""

    def __init__(self, inplanes, planes, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.pad = (planes - inplanes) // 2
        self.stride = stride

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.pad or self.stride != 1:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.pad, self.pad))
        return F.relu(out + x)


class CifarResNet(nn.Module):
    def __init__(self, depth, channels, classes):
        super().__init__()
        n = (depth - 2) // 6
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        inplanes = 16
        for stage, planes in enumerate((16, 32, 64)):
            blocks = []
            for i in range(n):
                blocks.append(HeBlock(inplanes, planes, 2 if stage and not i else 1))
                inplanes = planes
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Cnn(nn.Module):
    def __init__(self, channels, hidden, image, classes):
        super().__init__()
        self.blocks = len(channels)
        inplanes, height, width = image
        for i, out in enumerate(channels, 1):
            setattr(self, f"conv{i}", nn.Conv2d(inplanes, out, 3, 1, 1, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(out))
            inplanes, height, width = out, height // 2, width // 2
        self.fc1 = nn.Linear(inplanes * height * width, hidden)
        self.fc2 = nn.Linear(hidden, classes)

    def forward(self, x):
        for i in range(1, self.blocks + 1):
            x = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x))
            x = F.max_pool2d(F.relu(x), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class Mlp(nn.Module):
    def __init__(self, sizes, activation):
        super().__init__()
        self.layers = len(sizes) - 1
        self.activation = activation
        for i in range(1, len(sizes)):
            setattr(self, f"fc{i}", nn.Linear(sizes[i - 1], sizes[i]))

    def forward(self, x):
        x = x.flatten(1)
        for i in range(1, self.layers):
            x = self.activation(getattr(self, f"fc{i}")(x))
        return getattr(self, f"fc{self.layers}")(x)


vision = torchvision.models
# name: (network, shape of a batch, classes)
CASES = {
    "preresnet20": (lambda: PreResNet(20, 3, 10), (3, 3, 16, 16), 10),
    "preresnet20-grey": (lambda: PreResNet(20, 1, 10), (3, 1, 14, 14), 10),
    "preresnet56": (lambda: PreResNet(56, 3, 100), (3, 3, 8, 8), 100),
    "cifar-resnet20": (lambda: CifarResNet(20, 3, 10), (3, 3, 16, 16), 10),
    "cifar-resnet20-odd": (lambda: CifarResNet(20, 1, 10), (3, 1, 9, 13), 10),
    "resnet18": (lambda: vision.resnet18(num_classes=10), (4, 3, 40, 40), 10),
    "resnet50": (lambda: vision.resnet50(num_classes=10), (4, 3, 33, 33), 10),
    "mobilenetv2": (
        lambda: vision.mobilenet_v2(num_classes=10, dropout=0.0), (4, 3, 40, 40), 10),
    "mobilenetv2-half": (
        lambda: vision.mobilenet_v2(num_classes=10, width_mult=0.5, dropout=0.0),
        (4, 3, 33, 33), 10),
    "cnn": (lambda: Cnn((8, 16), 24, (3, 13, 10), 10), (4, 3, 13, 10), 10),
    "mlp-relu": (lambda: Mlp((64, 32, 16, 10), F.relu), (5, 1, 8, 8), 10),
    "mlp-tanh": (lambda: Mlp((13, 32, 3), torch.tanh), (5, 13), 3),
    "mlp-gelu": (lambda: Mlp((13, 32, 16, 3), F.gelu), (5, 13), 3),
}


CANDIDATES = 40
margins = []


def watching(activation, kinks):
    """The activation, noting how near its inputs come to its kinks."""

    def watched(x, *args, **kwargs):
        with torch.no_grad():
            unit = x.pow(2).mean().sqrt()
            margins.append(min(float((x - kink).abs().min() / unit) for kink in kinks))
        return activation(x, *args, **kwargs)

    return watched


# torchvision's modules call the same functions; torch.relu_ is behind inplace=True.
F.relu = watching(F.relu, (0,))
F.hardtanh = watching(F.hardtanh, (0, 6))


def batch(name, shape):
    return torch.from_numpy((fill(name, int(np.prod(shape))) * np.sqrt(12.0)).reshape(shape))


def load(network):
    network.load_state_dict({k: value(k, tuple(v.shape)) for k, v in network.state_dict().items()})


def margin(network, inputs):
    margins.clear()
    load(network)
    network.train()
    with torch.no_grad():
        network(inputs)
    return min(margins, default=1.0)


def golden(network, shape, classes):
    network = network.double()
    names = [f"input{i}" for i in range(CANDIDATES)]
    distances = {name: margin(network, batch(name, shape)) for name in names}
    chosen = max(names, key=distances.get)
    load(network)
    inputs = batch(chosen, shape)
    labels = torch.tensor([(3 + 7 * i) % classes for i in range(shape[0])])
    network.eval()
    with torch.no_grad():
        eval_logits = network(inputs)
    network.train()
    logits = network(inputs)
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    gradients = {}
    for name, parameter in network.named_parameters():
        flat = parameter.grad.flatten()
        picks = [0, flat.numel() // 2, flat.numel() - 1]
        gradients[name] = [float(flat.norm())] + [float(flat[i]) for i in picks]
    return {
        "input": list(shape),
        "input_name": chosen,
        "margin": distances[chosen],
        "classes": classes,
        "parameters": {k: list(v.shape) for k, v in network.named_parameters()},
        "buffers": {k: list(v.shape) for k, v in network.named_buffers()},
        "eval_logits": eval_logits.tolist(),
        "train_logits": logits.tolist(),
        "loss": float(loss),
        "gradients": gradients,
        "buffer_sums": {k: float(v.double().sum()) for k, v in network.named_buffers()},
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or CASES:
        make, shape, classes = CASES[name]
        values = golden(make(), shape, classes)
        text = json.dumps(values, separators=(",", ":"))
        text = text.replace('},"', '},\n"').replace('],"', '],\n"') + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
        print(name, len(text), values["input_name"], values["margin"])


if __name__ == "__main__":
    main()
