"""Steps Gymnasium environments for lot4j, which asks for it over two pipes.

A frame, either way, is the length of its payload (uint32), a letter (one byte) and the payload, all
in the machine's byte order. Each request has one answer; E, {"kind", "message"}, may stand for any.

    H {"version"}                      H {"python", "version", "gymnasium", "numpy"}
    M {"id", "kwargs", "count", ...}   M {"observation", "action"}
    R environment i4, unused i4, seed i8   T of that environment
    V the same, then actions f4        N steps taken i4, then T of the last of them
    A actions f4, active u1 of each    T rewards f8, flags u1, observations: of the active ones
    P environment i4                   P height i4, width i4, then red, green, blue u1; or nothing
    C                                  nothing: the process ends

Flags: 1 terminated, 2 truncated. An observation is u1 where its space is, else f4.
"""

import json
import os
import signal
import struct
import sys
import traceback

VERSION = 1
HEADER = struct.Struct("=Ic")
TERMINATED, TRUNCATED = 1, 2


class Refused(Exception):
    """What cannot be done, and why: {kind}: package, make or space."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Channel:
    """Frames over the two pipes, which nothing else of this process can reach."""

    def __init__(self, reader):
        self.reader = reader
        self.writer = os.fdopen(os.dup(1), "wb")
        # What libraries print, those written in C included, must not come between the frames.
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self.nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(self.nothing, 0)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.forget)

    def forget(self):
        """A forked process must not keep the pipes open when this one has ended."""
        for stream in (self.reader, self.writer):
            os.dup2(self.nothing, stream.fileno(), inheritable=False)

    def read(self):
        header = self.reader.read(HEADER.size)
        if len(header) < HEADER.size:
            return b"C", b""
        length, kind = HEADER.unpack(header)
        return kind, self.reader.read(length)

    def write(self, kind, *parts):
        views = [memoryview(part).cast("B") for part in parts if len(part)]
        self.writer.write(HEADER.pack(sum(view.nbytes for view in views), kind))
        for view in views:
            self.writer.write(view)
        self.writer.flush()


class Observations:
    """How observations are written: their shape and the type of their numbers."""

    def __init__(self, numpy, spaces, space, channels):
        self.numpy = numpy
        self.start, self.choices, self.last = 0, 0, False
        self.type = numpy.float32
        if isinstance(space, spaces.Discrete):
            self.start, self.choices = int(getattr(space, "start", 0)), int(space.n)
            self.shape, self.source = (self.choices,), ()
            return
        plain = type(space).__name__ == "MultiBinary" or isinstance(space, spaces.Box)
        if not plain or numpy.dtype(space.dtype).kind not in "buif" or 0 in space.shape:
            raise Refused(
                "space",
                "observes a %s; a Box, Discrete or MultiBinary, which"
                " gymnasium.wrappers.FlattenObservation makes of many" % space,
            )
        if numpy.dtype(space.dtype) == numpy.uint8 and isinstance(space, spaces.Box):
            self.type = numpy.uint8
        self.source = tuple(int(size) for size in space.shape)
        self.shape = self.source or (1,)
        if len(self.shape) == 3:
            height, _, last = self.shape
            self.last = channels == "last" or (
                channels == "auto" and last in (1, 3, 4) and height not in (1, 3, 4)
            )
        if self.last:
            self.shape = (self.shape[2], self.shape[0], self.shape[1])

    def write(self, observation, row):
        if self.choices:
            choice = int(observation) - self.start
            if not 0 <= choice < self.choices:
                raise ValueError("observation %s is not in its space" % observation)
            row[...] = 0
            row[choice] = 1
            return
        array = self.numpy.asarray(observation)
        if array.shape != self.source:
            raise ValueError(
                "observation of shape %s, its space has %s" % (array.shape, self.source)
            )
        if self.type == self.numpy.uint8 and array.dtype != self.numpy.uint8:
            if not ((array >= 0) & (array <= 255)).all():
                raise ValueError("observation is not from 0 to 255, its space is of bytes")
        row[...] = self.numpy.moveaxis(array, -1, 0) if self.last else array


class Actions:
    """How actions are read."""

    def __init__(self, numpy, spaces, space):
        self.discrete = isinstance(space, spaces.Discrete)
        if self.discrete:
            self.start, self.width = int(getattr(space, "start", 0)), 1
            self.description = {"kind": "discrete", "choices": int(space.n)}
            return
        box = isinstance(space, spaces.Box) and numpy.dtype(space.dtype).kind == "f"
        if not box or 0 in space.shape:
            raise Refused("space", "takes a %s as action; a Discrete or a Box of floats" % space)
        self.shape, self.type = space.shape, space.dtype
        low, high = (numpy.asarray(b, numpy.float64).reshape(-1) for b in (space.low, space.high))
        self.width = low.size
        self.description = {"kind": "box", "low": low.tolist(), "high": high.tolist()}

    def read(self, numbers):
        if self.discrete:
            return int(numbers[0]) + self.start
        return numbers.reshape(self.shape).astype(self.type)


class Environments:
    """The environments and the arrays that their answers are written from."""

    def __init__(self, gymnasium, numpy, request):
        self.numpy = numpy
        self.each = [make(gymnasium, request) for _ in range(request["count"])]
        first = self.each[0]
        for other in self.each[1:]:
            same = other.observation_space == first.observation_space
            if not same or other.action_space != first.action_space:
                raise Refused("space", "has other spaces each time that it is made")
        self.observations = Observations(
            numpy, gymnasium.spaces, first.observation_space, request["channels"]
        )
        self.actions = Actions(numpy, gymnasium.spaces, first.action_space)
        count = len(self.each)
        self.rewards = numpy.zeros(count, numpy.float64)
        self.flags = numpy.zeros(count, numpy.uint8)
        self.rows = numpy.zeros((count,) + self.observations.shape, self.observations.type)

    def spaces(self):
        name = "uint8" if self.observations.type == self.numpy.uint8 else "float32"
        observation = {"shape": self.observations.shape, "type": name}
        return {"observation": observation, "action": self.actions.description}

    def reset(self, index, seed):
        observation, _ = self.each[index].reset(seed=seed)
        self.rewards[0] = 0
        self.flags[0] = 0
        self.observations.write(observation, self.rows[0])

    def step(self, index, numbers, row):
        action = self.actions.read(numbers)
        observation, reward, terminated, truncated, _ = self.each[index].step(action)
        self.rewards[row] = reward
        self.flags[row] = TERMINATED * bool(terminated) + TRUNCATED * bool(truncated)
        self.observations.write(observation, self.rows[row])

    def step_all(self, payload):
        count, width = len(self.each), self.actions.width
        actions = self.numpy.frombuffer(payload, self.numpy.float32, count * width)
        active = payload[4 * count * width :]
        row = 0
        for index in range(count):
            if active[index]:
                self.step(index, actions[index * width : (index + 1) * width], row)
                row += 1
        return self.answer(row)

    def replay(self, index, seed, payload):
        width = self.actions.width
        actions = self.numpy.frombuffer(payload, self.numpy.float32)
        self.reset(index, seed)
        taken = 0
        while taken * width < actions.size and not self.flags[0]:
            self.step(index, actions[taken * width : (taken + 1) * width], 0)
            taken += 1
        return (struct.pack("=i", taken),) + self.answer(1)

    def answer(self, rows):
        return self.rewards[:rows], self.flags[:rows], self.rows[:rows]

    def picture(self, index):
        if getattr(self.each[index], "render_mode", None) != "rgb_array":
            return ()
        picture = self.numpy.asarray(self.each[index].render())
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != self.numpy.uint8:
            return ()
        size = struct.pack("=ii", picture.shape[0], picture.shape[1])
        return size, self.numpy.ascontiguousarray(picture)

    def close(self):
        for environment in self.each:
            environment.close()


def make(gymnasium, request):
    """One environment; with pictures if they are asked for and it has any."""
    arguments = dict(request["kwargs"])
    if request["max_steps"]:
        arguments["max_episode_steps"] = request["max_steps"]
    try:
        environment = gymnasium.make(request["id"], **arguments)
    except Exception as refusal:  # whatever a stranger's constructor may raise
        raise Refused("make", words(refusal)) from refusal
    modes = (getattr(environment, "metadata", None) or {}).get("render_modes") or []
    if not request["render"] or "rgb_array" not in modes or "render_mode" in arguments:
        return environment
    try:
        drawn = gymnasium.make(request["id"], render_mode="rgb_array", **arguments)
    except Exception as refusal:  # it acts all the same
        print("without pictures: %s" % words(refusal), file=sys.stderr)
        return environment
    environment.close()
    return drawn


def words(error):
    return "%s: %s" % (type(error).__name__, " ".join(str(error).split()))


def place(error):
    frames = traceback.extract_tb(error.__traceback__)
    return "%s, line %s" % (frames[-1].filename, frames[-1].lineno) if frames else "?"


def packages():
    try:
        import gymnasium
        import numpy
    except ImportError as missing:
        print("lot4j: %s; %s -m pip install gymnasium" % (missing, sys.executable), file=sys.stderr)
        raise Refused("package", str(missing)) from missing
    return gymnasium, numpy


class Session:
    """Answers one request after the other."""

    def __init__(self):
        self.packages = ()
        self.environments = None

    def answer(self, kind, payload):
        if kind == b"H":
            return b"H", (encoded(self.hello(json.loads(payload))),)
        if kind == b"M":
            self.environments = Environments(*self.packages, json.loads(payload))
            return b"M", (encoded(self.environments.spaces()),)
        if kind == b"A":
            return b"T", self.environments.step_all(payload)
        if kind == b"P":
            return b"P", self.environments.picture(*struct.unpack("=i", payload))
        if kind not in (b"R", b"V"):
            raise Refused("protocol", "unknown request %r" % kind)
        index, _, seed = struct.unpack("=iiq", payload[:16])
        if kind == b"V":
            return b"N", self.environments.replay(index, seed, payload[16:])
        self.environments.reset(index, seed)
        return b"T", self.environments.answer(1)

    def hello(self, request):
        if request["version"] != VERSION:
            raise Refused("protocol", "speaks version %s of the protocol" % VERSION)
        self.packages = packages()
        return {
            "python": sys.executable,
            "version": sys.version.split()[0],
            "gymnasium": getattr(self.packages[0], "__version__", "?"),
            "numpy": self.packages[1].__version__,
        }


def encoded(value):
    return json.dumps(value).encode()


def main(reader):
    # An interrupt at the terminal is for lot4j, which ends this process when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(reader)
    session = Session()
    while True:
        kind, payload = channel.read()
        if kind == b"C":
            break
        try:
            answer, parts = session.answer(kind, payload)
        except Refused as refusal:
            answer, parts = b"E", (error(refusal.kind, str(refusal)),)
        except Exception as raised:  # an environment is a stranger's code: lot4j names it and stops
            traceback.print_exc()
            answer, parts = b"E", (error("raised", words(raised) + " (" + place(raised) + ")"),)
        channel.write(answer, *parts)
    if session.environments is not None:
        session.environments.close()


def error(kind, message):
    return encoded({"kind": kind, "message": message, "python": sys.executable})


main(pipe)  # noqa: F821: the pipe that this text was read from
