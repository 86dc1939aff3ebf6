#!/usr/bin/env python3
"""PPO on CartPole in PyTorch, the work of `lot bench ppo`: agent steps a second.

Started by `lot bench`: says "ready", then answers every line of seconds on standard input with
"<agent steps a second> 0". By hand: echo 5 | ppo.py --threads 1

The environments are NumPy's, all stepped at once; acting, advantages and losses are written as in
single-file PPO programs. Keys are those of the benchmark: 8 environments, rollouts of 128, 4 passes,
minibatches of 64, clipped values, normalised advantages, Adam with the gradient's norm cut at 0.5.
"""

import argparse
import sys
import time

import numpy
import torch
import torch.nn as nn

ENVS, ROLLOUT, PASSES, MINIBATCH = 8, 128, 4, 64
GAMMA, LAMBDA, CLIP, VALUE, ENTROPY, NORM, RATE = 0.99, 0.95, 0.2, 0.5, 0.01, 0.5, 2.5e-4


class Poles:
    """CartPoles side by side; those that end begin anew."""

    def __init__(self):
        self.random = numpy.random.default_rng(0)
        self.state = self.random.uniform(-0.05, 0.05, (ENVS, 4))
        self.steps = numpy.zeros(ENVS, int)

    def seen(self):
        return self.state.astype(numpy.float32)

    def step(self, actions):
        """Whether each ended, whether each was cut off, and what was seen before a new beginning."""
        x, v, angle, spin = self.state.T
        force = numpy.where(actions == 1, 10.0, -10.0)
        cos, sin = numpy.cos(angle), numpy.sin(angle)
        push = (force + 0.05 * spin * spin * sin) / 1.1
        turn = (9.8 * sin - cos * push) / (0.5 * (4.0 / 3.0 - 0.1 * cos * cos / 1.1))
        push = push - 0.05 * turn * cos / 1.1
        self.state = numpy.stack(
            (x + 0.02 * v, v + 0.02 * push, angle + 0.02 * spin, spin + 0.02 * turn), 1
        )
        self.steps += 1
        far = numpy.abs(self.state)
        ended = (far[:, 0] > 2.4) | (far[:, 2] > numpy.pi / 15)
        cut = (self.steps >= 500) & ~ended
        last = self.seen()
        over = ended | cut
        if over.any():
            self.state[over] = self.random.uniform(-0.05, 0.05, (over.sum(), 4))
            self.steps[over] = 0
        return ended, cut, last


def layer(inside, outside, gain):
    linear = nn.Linear(inside, outside)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.zeros_(linear.bias)
    return linear


def network(outputs, gain):
    return nn.Sequential(
        layer(4, 64, 2**0.5), nn.Tanh(), layer(64, 64, 2**0.5), nn.Tanh(), layer(64, outputs, gain)
    )


class Trainer:
    def __init__(self):
        torch.manual_seed(0)
        self.worlds = Poles()
        self.actor, self.critic = network(2, 0.01), network(1, 1.0)
        self.weights = [*self.actor.parameters(), *self.critic.parameters()]
        self.optimizer = torch.optim.Adam(self.weights, lr=RATE, eps=1e-5)
        self.seen = torch.zeros(ROLLOUT, ENVS, 4)
        self.actions = torch.zeros(ROLLOUT, ENVS, dtype=torch.long)
        self.logs, self.values = torch.zeros(ROLLOUT, ENVS), torch.zeros(ROLLOUT + 1, ENVS)
        self.ended, self.cut = torch.zeros(ROLLOUT, ENVS), torch.zeros(ROLLOUT, ENVS)
        self.finals = torch.zeros(ROLLOUT, ENVS)

    @torch.no_grad()
    def act(self):
        for t in range(ROLLOUT):
            seen = torch.from_numpy(self.worlds.seen())
            policy = torch.distributions.Categorical(logits=self.actor(seen))
            actions = policy.sample()
            self.seen[t], self.actions[t] = seen, actions
            self.logs[t], self.values[t] = policy.log_prob(actions), self.critic(seen).squeeze(-1)
            ended, cut, last = self.worlds.step(actions.numpy())
            self.ended[t], self.cut[t] = torch.from_numpy(ended), torch.from_numpy(cut)
            if cut.any():
                self.finals[t] = self.critic(torch.from_numpy(last)).squeeze(-1)
        self.values[ROLLOUT] = self.critic(torch.from_numpy(self.worlds.seen())).squeeze(-1)

    @torch.no_grad()
    def advantages(self):
        advantages, last = torch.zeros(ROLLOUT, ENVS), torch.zeros(ENVS)
        for t in reversed(range(ROLLOUT)):
            on = (1 - self.ended[t]) * (1 - self.cut[t])
            after = on * self.values[t + 1] + self.cut[t] * self.finals[t]
            last = 1 + GAMMA * after - self.values[t] + GAMMA * LAMBDA * on * last
            advantages[t] = last
        return advantages

    def update(self):
        """A rollout and all that is learnt from it; its agent steps."""
        self.act()
        size = ROLLOUT * ENVS
        gains = self.advantages()
        returns = (gains + self.values[:-1]).view(size)
        gains, values = gains.view(size), self.values[:-1].reshape(size)
        seen, actions, logs = self.seen.view(size, 4), self.actions.view(size), self.logs.view(size)
        for _ in range(PASSES):
            for rows in torch.randperm(size).split(MINIBATCH):
                loss = self.loss(
                    seen[rows], actions[rows], logs[rows], gains[rows], returns[rows], values[rows]
                )
                self.optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(self.weights, NORM)
                self.optimizer.step()
        return size

    def loss(self, seen, actions, logs, gains, returns, values):
        policy = torch.distributions.Categorical(logits=self.actor(seen))
        log_ratio = policy.log_prob(actions) - logs
        ratio = log_ratio.exp()
        with torch.no_grad():  # what training programs show
            self.kl = ((ratio - 1) - log_ratio).mean()
            self.clipped = ((ratio - 1).abs() > CLIP).float().mean()
        gains = (gains - gains.mean()) / (gains.std() + 1e-8)
        acting = torch.max(-gains * ratio, -gains * ratio.clamp(1 - CLIP, 1 + CLIP)).mean()
        value = self.critic(seen).squeeze(-1)
        near = values + (value - values).clamp(-CLIP, CLIP)
        missed = torch.max((value - returns) ** 2, (near - returns) ** 2).mean()
        return acting + VALUE * 0.5 * missed - ENTROPY * policy.entropy().mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    trainer = Trainer()
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, steps, started = float(line), 0, time.perf_counter()
        while steps == 0 or time.perf_counter() - started < seconds:
            steps += trainer.update()
        print(f"{steps / (time.perf_counter() - started):.6f} 0", flush=True)


if __name__ == "__main__":
    main()
