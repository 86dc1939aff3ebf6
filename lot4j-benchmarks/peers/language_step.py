#!/usr/bin/env python3
"""Language-model training steps in PyTorch, the work of `lot bench lstm-step`, `transformerxl-step`.

Started by `lot bench`: says "ready", then answers every line of seconds on standard input with
"<tokens a second> 0". By hand: echo 5 | language_step.py --model lstm --threads 1
"""

import argparse
import math
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

VOCABULARY, TOKENS = 10_000, 250_000


class Lstm(nn.Module):
    """Embedding, two layers of 650, decoder; dropout before, between and behind the layers."""

    LENGTH, BATCH, CLIP, DROPOUT, HIDDEN, LAYERS = 35, 20, 0.2, 0.45, 650, 2

    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(VOCABULARY, self.HIDDEN)
        self.rnn = nn.LSTM(self.HIDDEN, self.HIDDEN, self.LAYERS, dropout=self.DROPOUT)
        self.decoder = nn.Linear(self.HIDDEN, VOCABULARY)
        nn.init.uniform_(self.encoder.weight, -0.05, 0.05)
        nn.init.uniform_(self.decoder.weight, -0.05, 0.05)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, ids, memory):
        x = F.dropout(self.encoder(ids), self.DROPOUT, self.training)
        x, state = self.rnn(x, memory)
        x = F.dropout(x, self.DROPOUT, self.training)
        return self.decoder(x), tuple(each.detach() for each in state)

    def optimizer(self):
        return torch.optim.SGD(self.parameters(), lr=30, momentum=0.3)


class RelativeLayer(nn.Module):
    """Attention by content and distance, a feed-forward part; a norm after each residual sum."""

    def __init__(self, width, heads, size, inner, dropout):
        super().__init__()
        self.heads, self.size, self.dropout = heads, size, dropout
        self.qkv = nn.Linear(width, 3 * heads * size, bias=False)
        self.distances = nn.Linear(width, heads * size, bias=False)
        self.output = nn.Linear(heads * size, width, bias=False)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, earlier, positions, u, v, future):
        x = self.norm1(x + self.drop(self.attend(x, earlier, positions, u, v, future)))
        fed = self.down(self.drop(F.relu(self.up(x), inplace=True)))
        return self.norm2(x + self.drop(fed))

    def attend(self, x, earlier, positions, u, v, future):
        length, batch, _ = x.shape
        whole = x if earlier is None else torch.cat([earlier, x])
        keys = len(whole)
        every = self.heads * self.size
        q = F.linear(x, self.qkv.weight[:every]).view(length, batch, self.heads, self.size)
        k, v_ = (
            F.linear(whole, self.qkv.weight[every:])
            .view(keys, batch, 2, self.heads, self.size)
            .unbind(2)
        )
        r = self.distances(positions).view(keys, self.heads, self.size)
        content = torch.einsum("ibnd,jbnd->bnij", q + u, k)
        distance = torch.einsum("ibnd,jnd->bnij", q + v, r)
        scores = (content + self.shifted(distance)) / math.sqrt(self.size)
        scores = scores.masked_fill(future, float("-inf"))
        mixed = torch.einsum("bnij,jbnd->ibnd", torch.softmax(scores, -1), v_)
        return self.output(mixed.reshape(length, batch, every))

    @staticmethod
    def shifted(x):
        """From columns by distance to columns by key."""
        batch, heads, length, keys = x.shape
        x = F.pad(x, (1, 0)).view(batch, heads, keys + 1, length)
        return x[:, :, 1:].reshape(batch, heads, length, keys)

    def drop(self, x):
        return F.dropout(x, self.dropout, self.training)


class TransformerXl(nn.Module):
    """Four layers of 200 with a memory of 70 positions; the decoder is the embedding's matrix."""

    LENGTH, BATCH, CLIP, DROPOUT, MEMORY = 70, 60, 0.35, 0.25, 70
    WIDTH, LAYERS, HEADS, SIZE, INNER = 200, 4, 8, 20, 1000

    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(VOCABULARY, self.WIDTH)
        self.layers = nn.ModuleList(
            RelativeLayer(self.WIDTH, self.HEADS, self.SIZE, self.INNER, self.DROPOUT)
            for _ in range(self.LAYERS)
        )
        self.u = nn.Parameter(torch.zeros(self.HEADS, self.SIZE))
        self.v = nn.Parameter(torch.zeros(self.HEADS, self.SIZE))
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0, 0.02)
        self.frequencies = 1 / 10000 ** (torch.arange(0, self.WIDTH, 2) / self.WIDTH)

    def forward(self, ids, memory):
        length = len(ids)
        earlier = 0 if memory is None else len(memory[0])
        x = self.drop(self.encoder(ids) * math.sqrt(self.WIDTH))
        angles = torch.arange(earlier + length - 1, -1, -1.0)[:, None] * self.frequencies
        positions = self.drop(torch.cat([angles.sin(), angles.cos()], -1))
        future = torch.ones(length, earlier + length).triu(1 + earlier).bool()
        seen = [x]
        for i, layer in enumerate(self.layers):
            x = layer(x, None if memory is None else memory[i], positions, self.u, self.v, future)
            seen.append(x)
        logits = F.linear(self.drop(x), self.encoder.weight, self.bias)
        return logits, self.remembered(memory, seen)

    def remembered(self, memory, seen):
        seen = [each.detach() for each in seen]
        if memory is not None and len(seen[0]) < self.MEMORY:
            seen = [torch.cat(pair) for pair in zip(memory, seen)]
        return [each[-self.MEMORY :] for each in seen]

    def drop(self, x):
        return F.dropout(x, self.DROPOUT, self.training)

    def optimizer(self):
        return torch.optim.Adam(self.parameters(), lr=1e-3)


class Trainer:
    def __init__(self, options):
        self.net = {"lstm": Lstm, "transformer-xl": TransformerXl}[options.model]().train()
        self.optimizer = self.net.optimizer()
        self.bfloat16 = options.precision == "bfloat16"
        batch = options.batch or self.net.BATCH
        generator = torch.Generator().manual_seed(0)
        # Words by rank, each half as often as the word at half its rank.
        ranks = torch.rand(TOKENS, generator=generator).mul(math.log(VOCABULARY)).exp().long() - 1
        rows = TOKENS // batch
        self.text = ranks[: rows * batch].view(batch, rows).t().contiguous()
        self.row, self.memory = 0, None

    def update(self):
        length = self.net.LENGTH
        if self.row + length + 1 > len(self.text):
            self.row, self.memory = 0, None
        ids = self.text[self.row : self.row + length]
        targets = self.text[self.row + 1 : self.row + 1 + length]
        self.row += length
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16):
            logits, self.memory = self.net(ids, self.memory)
        loss = F.cross_entropy(logits.float().view(-1, VOCABULARY), targets.reshape(-1))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), self.net.CLIP)
        self.optimizer.step()
        return ids.numel()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=("lstm", "transformer-xl"), required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, help="columns; default the model's own")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    trainer = Trainer(options)
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, tokens, started = float(line), 0, time.perf_counter()
        while tokens == 0 or time.perf_counter() - started < seconds:
            tokens += trainer.update()
        print(f"{tokens / (time.perf_counter() - started):.6f} 0", flush=True)


if __name__ == "__main__":
    main()
