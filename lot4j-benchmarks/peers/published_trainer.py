#!/usr/bin/env python3
"""The published image trainer's steps in plain PyTorch: rows "as published" of `lot bench paper-trainer`.

Our own program, written from a description of what that trainer computes, for its speed: images
in PyTorch's usual layout, transforms image by image, the teacher's answers to the students'
batches with a graph that nobody uses, library and allocator as PyTorch finds them. What can be
done faster than this with the same objective is image_step.py.

Started by `lot bench`: says "ready", then answers every line of seconds on standard input with
"<teacher images a second> 0". By hand: echo 5 | published_trainer.py --student-steps 1
"""

import argparse
import sys
import time

import numpy
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

from image_step import ALPHA, CLASSES, PADDING, SIDE, PreResNet20, measure

IMAGES = 5120
PASS = 11  # batches, after which the loader is begun anew


class PlainTransform:
    """Crop, flip and scaling of one image by tensor operations, where torchvision is not there."""

    def __call__(self, pixels):
        padded = F.pad(torch.from_numpy(pixels).permute(2, 0, 1), (PADDING,) * 4)
        down, across = torch.randint(0, 2 * PADDING + 1, (2,)).tolist()
        image = padded[:, down : down + SIDE, across : across + SIDE]
        if torch.rand(1) < 0.5:
            image = image.flip(2)
        return image.float().div(255).sub_(0.5).div_(0.5)


def torchvision_transform():
    from PIL import Image
    from torchvision import transforms

    half = (0.5, 0.5, 0.5)
    return transforms.Compose(
        [
            Image.fromarray,
            transforms.RandomCrop(SIDE, padding=PADDING),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize(half, half),
        ]
    )


class Images(Dataset):
    """Made-up images in CIFAR-100's layout, one at a time."""

    def __init__(self, transform):
        random = numpy.random.default_rng(0)
        self.pixels = random.integers(0, 256, (IMAGES, SIDE, SIDE, 3), dtype=numpy.uint8)
        self.labels = random.integers(0, CLASSES, IMAGES).tolist()
        self.transform = transform

    def __len__(self):
        return IMAGES

    def __getitem__(self, index):
        return self.transform(self.pixels[index]), self.labels[index]


class Trainer:
    def __init__(self, images, batch, student_steps):
        self.images, self.batch, self.student_steps = images, batch, student_steps
        self.loader = DataLoader(images, batch_size=batch, shuffle=True)
        self.left, self.position = 0, 0
        self.teacher, self.teacher_optimizer = self.learner()
        self.student, self.student_optimizer = self.learner()
        self.losses = [0.0, 0.0]

    @staticmethod
    def learner():
        net = PreResNet20().train()
        # Not the published 1.0: the labels are made up. The speed does not depend on it.
        settings = dict(lr=0.01, momentum=0.9, nesterov=True, weight_decay=1e-4)
        return net, torch.optim.SGD(net.parameters(), **settings)

    def labelled(self):
        """Batches in an order drawn anew with every pass, which is cut short."""
        if self.left == 0:
            self.batches, self.left = iter(self.loader), min(PASS, len(self.loader))
        self.left -= 1
        return next(self.batches)

    def students(self):
        """The next slice in the order of storage, augmented like the others."""
        end = min(self.position + self.batch, IMAGES)
        chosen = [self.images[index] for index in range(self.position, end)]
        self.position = end % IMAGES
        return torch.stack([x for x, _ in chosen]), torch.tensor([y for _, y in chosen])

    def update(self):
        """The joint step of both networks, then N - 1 steps of the student alone."""
        images, labels = self.labelled()
        t = F.log_softmax(self.teacher(images), dim=1)
        s = F.log_softmax(self.student(images), dim=1)
        teacher_loss = F.cross_entropy(t, labels) + ALPHA * measure(t, s)
        student_loss = F.cross_entropy(s, labels) + ALPHA * measure(s, t)
        self.teacher_optimizer.zero_grad()
        self.student_optimizer.zero_grad()
        teacher_loss.backward()
        student_loss.backward()
        self.teacher_optimizer.step()
        self.student_optimizer.step()
        self.losses[0] += teacher_loss.item()
        self.losses[1] += student_loss.item()
        taken = len(labels)
        for _ in range(1, self.student_steps):
            images, labels = self.students()
            t = F.log_softmax(self.teacher(images), dim=1)
            s = F.log_softmax(self.student(images), dim=1)
            loss = F.cross_entropy(s, labels) + ALPHA * measure(s, t)
            self.student_optimizer.zero_grad()
            loss.backward()
            self.student_optimizer.step()
            self.losses[1] += loss.item()
        return taken


def transform(kind):
    if kind != "plain":
        try:
            return torchvision_transform()
        except ImportError:
            if kind == "torchvision":
                raise
    return PlainTransform()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, help="default: PyTorch's own choice")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--student-steps", type=int, default=1, help="N")
    parser.add_argument("--transforms", choices=("auto", "torchvision", "plain"), default="auto")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    trainer = Trainer(Images(transform(options.transforms)), options.batch, options.student_steps)
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, samples, started = float(line), 0, time.perf_counter()
        while samples == 0 or time.perf_counter() - started < seconds:
            samples += trainer.update()
        print(f"{samples / (time.perf_counter() - started):.6f} 0", flush=True)


if __name__ == "__main__":
    main()
