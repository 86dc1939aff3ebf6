#!/usr/bin/env python3
"""Writes gpt.json: what a GPT-2 written here in plain PyTorch computes with known weights.

    apt-get install -y python3-torch
    /usr/bin/python3 make_gpt_golden.py ../resources/golden

Weights follow the closed form `fill` of make_golden.py, scaled to 0.2 (norms near 1), so that none
is stored. float64 throughout; attention is a masked softmax written out; dropout is 0. The file
holds names and shapes in order, token ids, logits, loss (cross entropy with the next token), and of
every gradient its norm, first, middle and last element. Ids are (7·t + 5·b + t·b) mod V; targets
the same at t + 1. [time, batch].
"""
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

LAYERS, WIDTH, HEADS, CONTEXT, VOCAB, TIME, BATCH = 2, 12, 3, 9, 17, 7, 2


def fill(name, count):
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


def shapes():
    yield "wte.weight", (VOCAB, WIDTH)
    yield "wpe.weight", (CONTEXT, WIDTH)
    for i in range(LAYERS):
        for name, size in (("ln_1", None), ("attn.c_attn", (WIDTH, 3 * WIDTH)),
                           ("attn.c_proj", (WIDTH, WIDTH)), ("ln_2", None),
                           ("mlp.c_fc", (WIDTH, 4 * WIDTH)), ("mlp.c_proj", (4 * WIDTH, WIDTH))):
            yield f"h.{i}.{name}.weight", size or (WIDTH,)
            yield f"h.{i}.{name}.bias", (size[1] if size else WIDTH,)
    yield "ln_f.weight", (WIDTH,)
    yield "ln_f.bias", (WIDTH,)


def norm(x, p, name):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    return (x - mean) / torch.sqrt(variance + 1e-5) * p[name + ".weight"] + p[name + ".bias"]


def linear(x, p, name):
    return x @ p[name + ".weight"] + p[name + ".bias"]


def gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


def forward(ids, p):
    """ids [batch, time] -> logits [batch, time, vocab]"""
    batch, time = ids.shape
    x = p["wte.weight"][ids] + p["wpe.weight"][:time]
    future = torch.triu(torch.ones(time, time, dtype=torch.bool), 1)
    for i in range(LAYERS):
        h = f"h.{i}."
        q, k, v = linear(norm(x, p, h + "ln_1"), p, h + "attn.c_attn").split(WIDTH, -1)
        q, k, v = (t.view(batch, time, HEADS, -1).transpose(1, 2) for t in (q, k, v))
        scores = q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS)
        weights = scores.masked_fill(future, -math.inf).softmax(-1)
        mixed = (weights @ v).transpose(1, 2).reshape(batch, time, WIDTH)
        x = x + linear(mixed, p, h + "attn.c_proj")
        inner = gelu(linear(norm(x, p, h + "ln_2"), p, h + "mlp.c_fc"))
        x = x + linear(inner, p, h + "mlp.c_proj")
    return norm(x, p, "ln_f") @ p["wte.weight"].T


def main():
    torch.set_num_threads(1)
    p = {}
    for name, shape in shapes():
        u = fill(name, int(np.prod(shape))).reshape(shape)
        near1 = len(shape) == 1 and name.endswith("weight")
        p[name] = torch.from_numpy(1 + 0.5 * u if near1 else 0.4 * u).requires_grad_(True)
    t, b = torch.arange(TIME + 1)[:, None], torch.arange(BATCH)[None, :]
    stream = (7 * t + 5 * b + t * b) % VOCAB
    logits = forward(stream[:-1].T, p).transpose(0, 1)
    loss = F.cross_entropy(logits.reshape(-1, VOCAB), stream[1:].reshape(-1))
    loss.backward()
    golden = {
        "layers": LAYERS, "width": WIDTH, "heads": HEADS, "context": CONTEXT, "vocab": VOCAB,
        "parameters": {name: list(value.shape) for name, value in p.items()},
        "inputs": stream[:-1].tolist(), "targets": stream[1:].tolist(),
        "logits": logits.reshape(-1).tolist(), "loss": loss.item(), "gradients": {},
    }
    for name, value in p.items():
        g = value.grad.reshape(-1)
        golden["gradients"][name] = [
            g.norm().item(), g[0].item(), g[len(g) // 2].item(), g[-1].item()]
    path = pathlib.Path(sys.argv[1]) / "gpt.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
