#!/usr/bin/env python3
"""Writes transformerxl*.json: what a Transformer-XL in plain PyTorch computes with known weights.

    apt-get install -y python3-torch
    /usr/bin/python3 make_transformerxl_golden.py ../resources/golden

The modules are laid out as in the authors' PyTorch code, so that names and order, with tied
matrices listed once, are PyTorch's own. The attention is written from the paper: scores by content
and by distance are taken pair by pair from one table of distances, without a shift. The adaptive
softmax gives the whole distribution. Weights follow `fill` of make_golden.py, words are
(3 + 7·i + i²) mod V. Everything is float64, dropout is 0. Two pieces are read, the second with the
first one's memory; the loss is the sum of both cross entropies, with the words in reverse order as
targets. A file holds names and shapes, both pieces' logits (log-probabilities if adaptive), the
loss and of every gradient its norm, first, middle and last element.
"""
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

LAYERS, WIDTH, HEADS, HEAD, INNER, MEMORY, VOCAB, BATCH = 3, 8, 2, 5, 11, 4, 17, 3
PIECES = (6, 5)


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


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv_net = nn.Linear(WIDTH, 3 * HEADS * HEAD, bias=False)
        self.o_net = nn.Linear(HEADS * HEAD, WIDTH, bias=False)
        self.layer_norm = nn.LayerNorm(WIDTH)
        self.r_net = nn.Linear(WIDTH, HEADS * HEAD, bias=False)

    def forward(self, x, memory, u, v):
        whole = torch.cat([memory, x])
        time, keys = len(x), len(whole)
        q, k, w = (t.view(keys, -1, HEADS, HEAD) for t in self.qkv_net(whole).chunk(3, -1))
        q = q[-time:]
        i = torch.arange(time)[:, None] + keys - time
        j = torch.arange(keys)[None, :]
        distance = (i - j).clamp(min=0)
        angle = torch.arange(keys, dtype=x.dtype)[:, None] / 10000 ** (
            torch.arange(0, WIDTH, 2, dtype=x.dtype) / WIDTH)
        r = self.r_net(torch.cat([angle.sin(), angle.cos()], -1)).view(keys, HEADS, HEAD)
        content = torch.einsum("ibhd,jbhd->bhij", q + u, k)
        position = torch.einsum("ibhd,ijhd->bhij", q + v, r[distance])
        scores = (content + position) / math.sqrt(HEAD)
        weights = scores.masked_fill(j > i, -math.inf).softmax(-1)
        mixed = torch.einsum("bhij,jbhd->ibhd", weights, w).reshape(time, -1, HEADS * HEAD)
        return self.layer_norm(x + self.o_net(mixed))


class Feed(nn.Module):
    def __init__(self):
        super().__init__()
        self.CoreNet = nn.Sequential(nn.Linear(WIDTH, INNER), nn.ReLU(), nn.Dropout(0),
                                     nn.Linear(INNER, WIDTH), nn.Dropout(0))
        self.layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, x):
        return self.layer_norm(x + self.CoreNet(x))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.dec_attn = Attention()
        self.pos_ff = Feed()


class Embedding(nn.Module):
    def __init__(self, ends, div):
        super().__init__()
        self.ends, self.div = ends, div
        sizes = [b - a for a, b in zip([0] + ends, ends)]
        self.emb_layers = nn.ModuleList(
            [nn.Embedding(VOCAB, WIDTH)] if div == 1 else
            [nn.Embedding(size, WIDTH // div ** n) for n, size in enumerate(sizes)])
        if div > 1:
            self.emb_projs = nn.ParameterList(
                nn.Parameter(torch.zeros(WIDTH, WIDTH // div ** n)) for n in range(len(sizes)))

    def forward(self, ids):
        if self.div == 1:
            table = self.emb_layers[0].weight
        else:
            table = torch.cat([e.weight @ p.T for e, p in zip(self.emb_layers, self.emb_projs)])
        return table[ids] * math.sqrt(WIDTH)


class Softmax(nn.Module):
    def __init__(self, ends, div, words):
        super().__init__()
        self.ends, self.div = ends, div
        if len(ends) > 1:
            self.cluster_weight = nn.Parameter(torch.zeros(len(ends) - 1, WIDTH))
            self.cluster_bias = nn.Parameter(torch.zeros(len(ends) - 1))
        self.out_layers = nn.ModuleList(
            nn.Linear(e.weight.shape[1], e.weight.shape[0]) for e in words.emb_layers)
        for layer, table in zip(self.out_layers, words.emb_layers):
            layer.weight = table.weight
        if div > 1:
            self.out_projs = nn.ParameterList(
                [nn.Parameter(torch.zeros(WIDTH, WIDTH))] + list(words.emb_projs)[1:])

    def scores(self, x, n):
        if self.div > 1:
            return self.out_layers[n](x @ self.out_projs[n])
        start = 0 if n == 0 else self.ends[n - 1]
        return self.out_layers[0](x)[..., start:self.ends[n]]

    def forward(self, x):
        if len(self.ends) == 1:
            return self.scores(x, 0)
        y = x @ self.out_projs[0] if self.div > 1 else x
        clusters = y @ self.cluster_weight.T + self.cluster_bias
        head = torch.cat([self.scores(x, 0), clusters], -1).log_softmax(-1)
        parts = [head[..., :self.ends[0]]]
        for n in range(1, len(self.ends)):
            parts.append(head[..., -n, None] + self.scores(x, n).log_softmax(-1))
        return torch.cat(parts, -1)


class TransformerXl(nn.Module):
    def __init__(self, cutoffs, div):
        super().__init__()
        self.r_w_bias = nn.Parameter(torch.zeros(HEADS, HEAD))
        self.r_r_bias = nn.Parameter(torch.zeros(HEADS, HEAD))
        self.word_emb = Embedding(cutoffs + [VOCAB], div)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.crit = Softmax(cutoffs + [VOCAB], div, self.word_emb)

    def forward(self, ids, memory):
        x = self.word_emb(ids)
        seen = [x]
        for layer, earlier in zip(self.layers, memory):
            x = layer.pos_ff(layer.dec_attn(x, earlier, self.r_w_bias, self.r_r_bias))
            seen.append(x)
        kept = [torch.cat([m, h])[-MEMORY:].detach() for m, h in zip(memory, seen)]
        return self.crit(x), kept


def golden(cutoffs, div):
    model = TransformerXl(cutoffs, div).double()
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.from_numpy(fill(name, p.numel()).reshape(p.shape)))
    memory = [torch.zeros(0, BATCH, WIDTH, dtype=torch.float64)] * (LAYERS + 1)
    at, loss, logits = 0, 0, []
    for time in PIECES:
        i = torch.arange(at, at + time * BATCH)
        ids = ((3 + 7 * i + i * i) % VOCAB).view(time, BATCH)
        out, memory = model(ids, memory)
        logits.append(out.flatten().tolist())
        loss = loss + F.cross_entropy(out.flatten(0, 1), ids.flip(0).flatten())
        at += time * BATCH
    loss.backward()
    gradients = {}
    for name, p in model.named_parameters():
        g = p.grad.flatten()
        gradients[name] = [g.norm().item(), g[0].item(), g[len(g) // 2].item(), g[-1].item()]
    return {
        "layers": LAYERS, "width": WIDTH, "heads": HEADS, "head_width": HEAD, "inner": INNER,
        "memory": MEMORY, "vocab": VOCAB, "batch": BATCH, "pieces": PIECES, "cutoffs": cutoffs,
        "div": div,
        "parameters": {name: list(p.shape) for name, p in model.named_parameters()},
        "logits": logits, "loss": loss.item(), "gradients": gradients,
    }


def main():
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1])
    for name, cutoffs, div in (("", [], 1), ("-cutoffs", [4, 9], 1), ("-div", [4, 9], 2)):
        text = json.dumps(golden(cutoffs, div), separators=(",", ":"))
        text = text.replace('],"', '],\n"') + "\n"
        (folder / f"transformerxl{name}.json").write_text(text, encoding="utf-8")


main()
