"""A stand-in for the package gymnasium: environments whose numbers follow from a formula."""

import os
import sys

import numpy

from . import spaces
from .spaces import Box, Discrete, MultiDiscrete

__version__ = "stand-in"


class Counter:
    """Sees the time, the seed and the last action; ends after `limit` steps."""

    metadata = {"render_modes": []}
    observation_space = Box(-1e9, 1e9, (3,), numpy.float64)
    action_space = Discrete(3, start=5)

    def __init__(self, limit=1000, bonus=0.0, render_mode=None):
        self.limit, self.bonus, self.render_mode = limit, bonus, render_mode

    def reset(self, seed=None):
        self.time, self.seed, self.last = 0, seed, 0
        return self.seen(), {}

    def step(self, action):
        if not (isinstance(action, int) and 5 <= action < 8):
            raise ValueError("action %r" % (action,))
        self.time += 1
        self.last = action
        return self.seen(), self.time * 0.1 + action + self.bonus, self.time >= self.limit, False, {}

    def seen(self):
        return numpy.array([self.time, self.seed % 1000, self.last], numpy.float64)

    def close(self):
        print("closed", file=sys.stderr)


class Picture(Counter):
    """Sees a picture, its channels last, of bytes that count up from seed and time."""

    metadata = {"render_modes": ["rgb_array"]}
    observation_space = Box(0, 255, (5, 4, 3), numpy.uint8)

    def seen(self):
        numbers = numpy.arange(60) + self.seed + self.time
        return (numbers % 256).astype(numpy.uint8).reshape(5, 4, 3)

    def render(self):
        return self.seen()


class Slide(Counter):
    """A point that actions push."""

    observation_space = Box(-numpy.inf, numpy.inf, (2,), numpy.float32)
    action_space = Box(-1, numpy.inf, (2,), numpy.float32)

    def reset(self, seed=None):
        self.time, self.place = 0, numpy.full(2, seed, numpy.float32)
        return self.place, {}

    def step(self, action):
        assert action.shape == (2,) and action.dtype == numpy.float32
        self.time += 1
        self.place = self.place + action * numpy.float32(0.1)
        return self.place, numpy.float32(action.sum()), False, self.time >= self.limit, {}


class Nudge(Slide):
    """The same with bounds that are finite."""

    action_space = Box(-1, 1, (2,), numpy.float32)


class Where(Counter):
    observation_space = Discrete(4)

    def seen(self):
        return (self.seed + self.time) % 4


class Raises(Counter):
    def step(self, action):
        if self.time == 1:
            raise ValueError("the wheel\nfell off")
        return super().step(action)


class Noisy(Counter):
    def step(self, action):
        print("said in Python")
        sys.stdout.flush()
        os.write(1, b"said in C\n" * 1000)
        os.read(0, 1)
        return super().step(action)


class Nan(Counter):
    def step(self, action):
        super().step(action)
        return numpy.full(3, numpy.nan), float("nan"), False, False, {}


class Dies(Counter):
    def step(self, action):
        print("the sky is falling", file=sys.stderr, flush=True)
        os._exit(7)


class Forgets(Counter):
    """Does not follow its seed."""

    resets = 0

    def reset(self, seed=None):
        Forgets.resets += 1
        return super().reset(seed + Forgets.resets)


class WrongShape(Counter):
    def seen(self):
        return numpy.zeros(4)


class ManyChoices(Counter):
    action_space = MultiDiscrete([2, 3])


class ManySights(Counter):
    observation_space = MultiDiscrete([2, 3])


class Limited:
    """Cuts episodes off."""

    def __init__(self, environment, steps):
        self.environment, self.steps = environment, steps

    def __getattr__(self, name):
        return getattr(self.environment, name)

    def step(self, action):
        observation, reward, terminated, _, more = self.environment.step(action)
        return observation, reward, terminated, self.environment.time >= self.steps, more


def make(id, max_episode_steps=None, **kwargs):
    all_kinds = [Counter] + Counter.__subclasses__() + Slide.__subclasses__()
    kinds = {kind.__name__ + "-v0": kind for kind in all_kinds}
    if id not in kinds:
        raise KeyError("Environment `%s` doesn't exist." % id)
    environment = kinds[id](**kwargs)
    return Limited(environment, max_episode_steps) if max_episode_steps else environment
