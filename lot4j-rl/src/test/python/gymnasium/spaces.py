"""The spaces that the stand-in's environments have."""

import numpy


class Discrete:
    def __init__(self, n, start=0):
        self.n, self.start, self.shape, self.dtype = n, start, (), numpy.int64

    def __eq__(self, other):
        return isinstance(other, Discrete) and (self.n, self.start) == (other.n, other.start)

    def __repr__(self):
        return "Discrete(%s)" % self.n


class Box:
    def __init__(self, low, high, shape, dtype):
        self.low, self.high = numpy.full(shape, low, dtype), numpy.full(shape, high, dtype)
        self.shape, self.dtype = shape, numpy.dtype(dtype)

    def __eq__(self, other):
        return isinstance(other, Box) and self.shape == other.shape and self.dtype == other.dtype


class MultiDiscrete:
    def __init__(self, choices):
        self.choices = choices

    def __eq__(self, other):
        return isinstance(other, MultiDiscrete) and self.choices == other.choices

    def __repr__(self):
        return "MultiDiscrete(%s)" % self.choices
