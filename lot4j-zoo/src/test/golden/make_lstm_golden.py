#!/usr/bin/env python3
"""Writes the golden files of the recurrent language models: what PyTorch computes with known weights.

    apt-get install -y python3-torch
    /usr/bin/python3 make_lstm_golden.py ../resources/golden

A parameter's values are `fill(name, count)`, as in make_golden.py, so no weight is stored. Everything
is float64; dropout is 0. The networks are torch.nn.LSTM between an embedding and a linear layer,
written here independently of the Java code. Two pieces of a text are read one after the other, the
state carried and detached; tokens are (3 + 7·i + i²) mod vocabulary for i = 0, 1, … in the order
[time, batch], the second piece going on where the first ended; the targets of a piece are its tokens
plus 1, mod vocabulary.

A file holds, for each piece, logits and the state after it; for the second, its loss (mean cross
entropy, and activation and temporal activation regularization where the network has them) and every
gradient of it.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
BATCH = 3
TIMES = (4, 3)


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


class Lstm(nn.Module):
    def __init__(self, vocabulary, embedding, hidden, layers, tied):
        super().__init__()
        self.encoder = nn.Embedding(vocabulary, embedding)
        self.rnn = nn.LSTM(embedding, hidden, layers)
        self.decoder = nn.Linear(hidden, vocabulary)
        if tied:
            self.decoder.weight = self.encoder.weight
        self.names = {name: name for name, _ in self.named_parameters()}

    def forward(self, tokens, state):
        output, state = self.rnn(self.encoder(tokens), state)
        return self.decoder(output), state, None

    def flat(self, state):
        return list(state)


class AwdLstm(nn.Module):
    def __init__(self, vocabulary, embedding, hidden, layers, activation, slowness):
        super().__init__()
        self.encoder = nn.Embedding(vocabulary, embedding)
        sizes = [embedding] + [hidden] * (layers - 1) + [embedding]
        self.rnns = nn.ModuleList(nn.LSTM(a, b) for a, b in zip(sizes, sizes[1:]))
        self.decoder = nn.Linear(embedding, vocabulary)
        self.decoder.weight = self.encoder.weight
        self.factors = activation, slowness
        self.names = {}
        for name, _ in self.named_parameters():
            own = name
            if name.startswith("rnns."):
                _, layer, kind = name.split(".")
                own = f"rnns.{layer}.module.{kind}" + ("_raw" if "weight_hh" in kind else "")
            self.names[name] = own

    def forward(self, tokens, state):
        x, after = self.encoder(tokens), []
        for i, rnn in enumerate(self.rnns):
            x, s = rnn(x, None if state is None else state[i])
            after.append(s)
        activation, slowness = self.factors
        extra = activation * (x ** 2).mean() + slowness * ((x[1:] - x[:-1]) ** 2).mean()
        return self.decoder(x), after, extra

    def flat(self, state):
        return [t for pair in state for t in pair]


CASES = {
    "lstm": (lambda: Lstm(13, 6, 5, 2, False), 13),
    "lstm-tied": (lambda: Lstm(11, 6, 6, 1, True), 11),
    "awd-lstm": (lambda: AwdLstm(11, 4, 7, 3, 2.0, 1.0), 11),
}


def detached(state):
    if isinstance(state, torch.Tensor):
        return state.detach()
    return type(state)(detached(s) for s in state)


def golden(network, vocabulary):
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            values = fill(network.names[name], parameter.numel())
            parameter.copy_(torch.from_numpy(values).view_as(parameter))
    state, start, pieces = None, 0, []
    for time in TIMES:
        ids = torch.arange(start, start + time * BATCH).view(time, BATCH)
        tokens = (3 + 7 * ids + ids * ids) % vocabulary
        logits, state, extra = network(tokens, state)
        loss = F.cross_entropy(logits.view(-1, vocabulary), (tokens.view(-1) + 1) % vocabulary)
        if extra is not None:
            loss = loss + extra
        state, start = detached(state), start + time * BATCH
        pieces.append({
            "time": time,
            "logits": logits.detach().flatten().tolist(),
            "state": [s.flatten().tolist() for s in network.flat(state)],
        })
    loss.backward()
    gradients = {network.names[n]: p.grad.flatten().tolist() for n, p in network.named_parameters()}
    return {"batch": BATCH, "pieces": pieces, "loss": float(loss), "gradients": gradients}


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, (make, vocabulary) in CASES.items():
        text = json.dumps(golden(make(), vocabulary), separators=(",", ":"))
        (folder / f"{name}.json").write_text(text.replace('],"', '],\n"') + "\n", encoding="utf-8")
        print(name, len(text))


if __name__ == "__main__":
    main()
