"""Writes optimizers.json: PyTorch's own optimizers on given gradients, float64.

Run: python3 optimizers.py > ../resources/lot4j/optim/optimizers.json
"""
import json
import sys

import torch

torch.set_default_dtype(torch.float64)  # ASGD keeps its step size as a tensor of this type

STEPS = 7
CASES = [
    ("sgd", dict(lr=0.3, momentum=0.0, nesterov=False, weight_decay=0.0), None),
    ("sgd", dict(lr=0.3, momentum=0.9, nesterov=False, weight_decay=0.01), None),
    ("sgd", dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05), None),
    ("sgd", dict(lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05), 1.5),
    ("adam", dict(lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0), None),
    ("adam", dict(lr=0.02, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1), 2.0),
    ("adamw", dict(lr=0.02, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.2), None),
    ("adamw", dict(lr=0.05, betas=(0.7, 0.9), eps=1e-6, weight_decay=0.01), 1.0),
    ("asgd", dict(lr=0.2, lambd=0.01, alpha=0.75, t0=2.0, weight_decay=0.03), None),
    ("asgd", dict(lr=0.2, lambd=0.0, alpha=0.75, t0=0.0, weight_decay=0.0), 1.2),
]
ENGINE = {
    "sgd": torch.optim.SGD,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "asgd": torch.optim.ASGD,
}


def run(kind, options, clip, generator):
    weight = torch.randn(3, 2, dtype=torch.float64, generator=generator).requires_grad_()
    bias = torch.randn(3, dtype=torch.float64, generator=generator).requires_grad_()
    optimizer = ENGINE[kind]([weight, bias], **options)
    flat = lambda tensors: [x for t in tensors for x in t.detach().reshape(-1).tolist()]
    case = {"kind": kind, "options": options, "clip": clip, "initial": flat([weight, bias])}
    case["gradients"], case["weights"] = [], []
    for _ in range(STEPS):
        weight.grad = torch.randn(3, 2, dtype=torch.float64, generator=generator)
        bias.grad = torch.randn(3, dtype=torch.float64, generator=generator)
        case["gradients"].append(flat([weight.grad, bias.grad]))
        if clip is not None:
            torch.nn.utils.clip_grad_norm_([weight, bias], clip)
        optimizer.step()
        case["weights"].append(flat([weight, bias]))
    if kind == "asgd":
        case["average"] = flat([optimizer.state[p]["ax"] for p in (weight, bias)])
    return case


if __name__ == "__main__":
    source = torch.Generator().manual_seed(7)
    json.dump([run(*case, source) for case in CASES], sys.stdout, indent=1)
    print()
