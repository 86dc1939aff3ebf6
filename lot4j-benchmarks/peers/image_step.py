#!/usr/bin/env python3
"""PreResNet-20 training steps in PyTorch, the work of `lot bench image-step` and `paper-trainer`.

Started by `lot bench`: says "ready", then answers every line of seconds on standard input with
"<teacher images a second> 0". By hand: echo 5 | image_step.py --threads 1
"""

import argparse
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

CLASSES, SIDE, IMAGES, PADDING = 100, 32, 5120, 4
ALPHA, TEMPERATURE = 0.5, 1.5


class Block(nn.Module):
    """Norm, ReLU, 3x3 convolution, twice, plus the raw input."""

    def __init__(self, inside, planes, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inside)
        self.conv1 = nn.Conv2d(inside, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        same = stride == 1 and inside == planes
        self.downsample = None if same else nn.Conv2d(inside, planes, 1, stride, bias=False)

    def forward(self, x):
        out = self.conv1(F.relu(self.bn1(x), inplace=True))
        out = self.conv2(F.relu(self.bn2(out), inplace=True))
        return out + (x if self.downsample is None else self.downsample(x))


class PreResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        blocks, inside = [], 16
        for stage, planes in enumerate((16, 32, 64)):
            for index in range(3):
                blocks.append(Block(inside, planes, 2 if stage > 0 and index == 0 else 1))
                inside = planes
        self.blocks = nn.Sequential(*blocks)
        self.bn = nn.BatchNorm2d(64)
        self.fc = nn.Linear(64, CLASSES)

    def forward(self, x):
        x = F.relu(self.bn(self.blocks(self.conv1(x))), inplace=True)
        return self.fc(x.mean((2, 3)))


class Batches:
    """Endless batches of made-up images, cropped and flipped anew each time."""

    def __init__(self, size, generator):
        self.size, self.generator = size, generator
        shape = (IMAGES, 3, SIDE, SIDE)
        self.pixels = torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)
        self.labels = torch.randint(0, CLASSES, (IMAGES,), generator=generator)
        self.order, self.position = torch.empty(0, dtype=torch.long), 0

    def next(self):
        if self.position + self.size > len(self.order):
            self.order = torch.randperm(IMAGES, generator=self.generator)
            self.position = 0
        rows = self.order[self.position : self.position + self.size]
        self.position += self.size
        padded = F.pad(self.pixels[rows], (PADDING,) * 4)
        draw = lambda: torch.randint(0, 2 * PADDING + 1, (len(rows), 1), generator=self.generator)
        span = torch.arange(SIDE).unsqueeze(0)
        flip = torch.rand((len(rows), 1), generator=self.generator) < 0.5
        across = draw() + torch.where(flip, SIDE - 1 - span, span)
        down = draw() + span
        index = torch.arange(len(rows))[:, None, None]
        images = padded[index, :, down[:, :, None], across[:, None, :]]  # NHWC
        images = images.permute(0, 3, 1, 2).float().div_(255).sub_(0.5).div_(0.5)
        return images.contiguous(memory_format=torch.channels_last), self.labels[rows]


def measure(free, reference):
    """KL(reference, free), scaled by the squared temperature; the reference is a constant."""
    p = F.log_softmax(reference.detach() / TEMPERATURE, -1)
    q = F.log_softmax(free / TEMPERATURE, -1)
    return F.kl_div(q, p, log_target=True, reduction="batchmean") * TEMPERATURE**2


class Trainer:
    def __init__(self, options):
        generator = torch.Generator().manual_seed(0)
        self.batches = Batches(options.batch, generator)
        self.bfloat16 = options.precision == "bfloat16"
        self.student_steps = options.student_steps
        self.teacher, self.teacher_optimizer = self.learner()
        self.student, self.student_optimizer = self.learner()

    @staticmethod
    def learner():
        net = PreResNet20().to(memory_format=torch.channels_last).train()
        settings = dict(lr=0.01, momentum=0.9, nesterov=True, weight_decay=1e-4)
        return net, torch.optim.SGD(net.parameters(), **settings)

    def forward(self, net, images):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16):
            return net(images).float()

    def update(self):
        """Teacher only; or the released code's joint step and N - 1 further student steps."""
        images, labels = self.batches.next()
        t = self.forward(self.teacher, images)
        loss = F.cross_entropy(t, labels)
        if self.student_steps > 0:
            s = self.forward(self.student, images)
            loss = loss + ALPHA * measure(t, s)
            self.student_step(s, labels, t)
        self.teacher_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.teacher_optimizer.step()
        for _ in range(1, self.student_steps):
            more, answers = self.batches.next()
            with torch.no_grad():
                t = self.forward(self.teacher, more)
            self.student_step(self.forward(self.student, more), answers, t)
        return len(labels)

    def student_step(self, s, labels, t):
        self.student_optimizer.zero_grad(set_to_none=True)
        (F.cross_entropy(s, labels) + ALPHA * measure(s, t)).backward()
        self.student_optimizer.step()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--student-steps", type=int, default=0, help="N; 0: teacher only")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    trainer = Trainer(options)
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, samples, started = float(line), 0, time.perf_counter()
        while samples == 0 or time.perf_counter() - started < seconds:
            samples += trainer.update()
        print(f"{samples / (time.perf_counter() - started):.6f} 0", flush=True)


if __name__ == "__main__":
    main()
