"""Environments in plain Python and NumPy with random actions: agent steps a second.

Started by `./lot bench env-steps`; reads seconds from standard input, a line a round, and answers
with the rate. CartPole follows Gymnasium's published equations; the small Breakout the rules of
K. Young and T. Tian, 2019.
"""
import argparse
import math
import random
import sys
import time

import numpy


class Pole:
    """One CartPole in Python's numbers."""

    def __init__(self):
        self.random = random.Random(0)
        self.reset()

    def reset(self):
        self.state = [self.random.uniform(-0.05, 0.05) for _ in range(4)]
        self.steps = 0

    def step(self, action):
        x, v, angle, spin = self.state
        force = 10.0 if action == 1 else -10.0
        cos, sin = math.cos(angle), math.sin(angle)
        temp = (force + 0.05 * spin * spin * sin) / 1.1
        turn = (9.8 * sin - cos * temp) / (0.5 * (4.0 / 3.0 - 0.1 * cos * cos / 1.1))
        push = temp - 0.05 * turn * cos / 1.1
        self.state = [x + 0.02 * v, v + 0.02 * push, angle + 0.02 * spin, spin + 0.02 * turn]
        self.steps += 1
        x, _, angle, _ = self.state
        ended = abs(x) > 2.4 or abs(angle) > 12 * math.pi / 180
        return numpy.array(self.state, numpy.float32), 1.0, ended, self.steps >= 500


class Poles:
    """Many CartPoles in NumPy's arrays."""

    def __init__(self, envs):
        self.random = numpy.random.default_rng(0)
        self.state = self.random.uniform(-0.05, 0.05, (envs, 4))
        self.steps = numpy.zeros(envs, int)

    def step(self, actions):
        x, v, angle, spin = self.state.T
        force = numpy.where(actions == 1, 10.0, -10.0)
        cos, sin = numpy.cos(angle), numpy.sin(angle)
        temp = (force + 0.05 * spin * spin * sin) / 1.1
        turn = (9.8 * sin - cos * temp) / (0.5 * (4.0 / 3.0 - 0.1 * cos * cos / 1.1))
        push = temp - 0.05 * turn * cos / 1.1
        self.state = numpy.stack(
            (x + 0.02 * v, v + 0.02 * push, angle + 0.02 * spin, spin + 0.02 * turn), 1
        )
        self.steps += 1
        ended = (numpy.abs(self.state[:, 0]) > 2.4) | (numpy.abs(self.state[:, 2]) > 12 * math.pi / 180)
        over = ended | (self.steps >= 500)
        if over.any():
            self.state[over] = self.random.uniform(-0.05, 0.05, (over.sum(), 4))
            self.steps[over] = 0
        return self.state.astype(numpy.float32)


class Breakout:
    """One small Breakout on a NumPy grid."""

    def __init__(self):
        self.random = random.Random(0)
        self.last_action = 0
        self.reset()

    def reset(self):
        self.paddle = 4
        self.bricks = numpy.zeros((10, 10), bool)
        self.bricks[1:4] = True
        self.y, self.x = 3, self.random.choice((0, 9))
        self.dy, self.dx = 1, 1 if self.x == 0 else -1
        self.trail = (self.y, self.x)
        self.struck = False

    def step(self, action):
        if self.random.random() < 0.1:
            action = self.last_action
        self.last_action = action
        if action == 1:
            self.paddle = max(0, self.paddle - 1)
        elif action == 3:
            self.paddle = min(9, self.paddle + 1)
        self.trail = (self.y, self.x)
        reward, ended, hit = 0, False, False
        x, y = self.x + self.dx, self.y + self.dy
        if x < 0 or x > 9:
            self.dx = -self.dx
            x = min(9, max(0, x))
        if y < 0:
            self.dy, y = -self.dy, 0
        elif self.bricks[y, x]:
            hit = True
            if not self.struck:
                reward, self.struck = 1, True
                self.bricks[y, x] = False
                y, self.dy = self.y, -self.dy
        elif y == 9:
            if not self.bricks.any():
                self.bricks[1:4] = True
            if self.x == self.paddle:
                self.dy, y = -self.dy, self.y
            elif x == self.paddle:
                self.dx, self.dy, y = -self.dx, -self.dy, self.y
            else:
                ended = True
        if not hit:
            self.struck = False
        self.x, self.y = x, y
        seen = numpy.zeros((4, 10, 10), bool)
        seen[0, 9, self.paddle] = True
        seen[1, self.y, self.x] = True
        seen[2][self.trail] = True
        seen[3] = self.bricks
        return seen, reward, ended, False


def single(world, actions):
    """A function that makes 1,000 steps one after the other."""
    numbers = [random.Random(1).randrange(actions) for _ in range(1000)]

    def run():
        for action in numbers:
            _, _, ended, cut = world.step(action)
            if ended or cut:
                world.reset()
        return len(numbers)

    return run


def together(envs):
    """A function that makes 100 steps of many at once."""
    worlds = Poles(envs)
    numbers = numpy.random.default_rng(1).integers(0, 2, (100, envs))

    def run():
        for actions in numbers:
            worlds.step(actions)
        return numbers.size

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environment", choices=("cartpole", "minatar-breakout"), required=True)
    parser.add_argument("--form", choices=("Python", "NumPy"), required=True)
    parser.add_argument("--envs", type=int, default=8)
    options = parser.parse_args()
    if options.environment == "minatar-breakout":
        run = single(Breakout(), 6)
    elif options.form == "Python":
        run = single(Pole(), 2)
    else:
        run = together(options.envs)
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, steps, started = float(line), 0, time.perf_counter()
        while steps == 0 or time.perf_counter() - started < seconds:
            steps += run()
        print(f"{steps / (time.perf_counter() - started):.6f} 0", flush=True)


if __name__ == "__main__":
    main()
