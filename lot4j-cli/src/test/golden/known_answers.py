"""Writes src/test/resources/known-answers/right: closed forms, in plain float64 Python.

Run in the module's folder: python3 src/test/golden/known_answers.py
"""

import json
import math
import os
import random

INF = math.inf
OUT = "src/test/resources/known-answers/right"


def softmax(z, t):
    top = max(v for v in z)
    e = [math.exp((v - top) / t) for v in z]
    return [v / sum(e) for v in e]


def kl(p, q):
    return sum(a * math.log(a / b) if a > 0 and b > 0 else (INF if a > 0 else 0.0) for a, b in zip(p, q))


def through_softmax(p, u, t):
    """Gradient in the logits from the gradient u in the probabilities."""
    mean = sum(a * b for a, b in zip(p, u))
    return [a * (b - mean) / t for a, b in zip(p, u)]


def log_ratio(p, q):
    return [math.log(a / b) if a > 0 and b > 0 else 0.0 for a, b in zip(p, q)]


def row(metric, a, b, t):
    """Value and gradients in teacher and student logits of one position."""
    p, q = softmax(a, t), softmax(b, t)
    if metric == "kl_forward":
        return kl(p, q), through_softmax(p, log_ratio(p, q), t), [(y - x) / t for x, y in zip(p, q)]
    if metric == "kl_reverse":
        return kl(q, p), [(x - y) / t for x, y in zip(p, q)], through_softmax(q, log_ratio(q, p), t)
    if metric == "jeffreys":
        f, r = row("kl_forward", a, b, t), row("kl_reverse", a, b, t)
        return f[0] + r[0], plus(f[1], r[1]), plus(f[2], r[2])
    if metric == "js":
        m = [(x + y) / 2 for x, y in zip(p, q)]
        half = lambda u: [v / 2 for v in u]
        return (
            (kl(p, m) + kl(q, m)) / 2,
            through_softmax(p, half(log_ratio(p, m)), t),
            through_softmax(q, half(log_ratio(q, m)), t),
        )
    if metric == "l2_prob":
        u = [2 * (x - y) for x, y in zip(p, q)]
        return sum(v * v for v in u) / 4, through_softmax(p, u, t), through_softmax(q, [-v for v in u], t)
    if metric == "tv":
        s = [0.5 * ((x > y) - (x < y)) for x, y in zip(p, q)]
        return (
            sum(abs(x - y) for x, y in zip(p, q)) / 2,
            through_softmax(p, s, t),
            through_softmax(q, [-v for v in s], t),
        )
    if metric == "mse_logits":
        there = [x > -INF and y > -INF for x, y in zip(a, b)]
        n = sum(there)
        d = [(x - y) / t if k else 0.0 for x, y, k in zip(a, b, there)]
        g = [2 * v / t / n for v in d]
        return sum(v * v for v in d) / n, g, [-v for v in g]
    raise ValueError(metric)


def plus(a, b):
    return [x + y for x, y in zip(a, b)]


METRICS = ["kl_forward", "kl_reverse", "jeffreys", "js", "l2_prob", "tv", "mse_logits"]


def case(teacher, student, t, mask=None, name=None, metrics=METRICS):
    """teacher, student: rows of logits; mask: one number a row."""
    counted = [i for i in range(len(teacher)) if mask is None or mask[i]]
    out = {} if name is None else {"name": name}
    out.update(shape=[len(teacher), len(teacher[0])], temperature=t, teacher=teacher, student=student, mask=mask)
    out["metrics"] = {}
    for metric in metrics:
        value = 0.0
        zero = [0.0] * len(teacher[0])
        gt, gs = [zero] * len(teacher), [zero] * len(teacher)
        for i in counted:
            v, a, b = row(metric, teacher[i], student[i], t)
            value += v / len(counted)
            gt[i] = [x / len(counted) for x in a]
            gs[i] = [x / len(counted) for x in b]
        entry = {}
        for suffix, k in (("", 1.0), ("_T2", t * t)):
            entry["value" + suffix] = value * k
            if value < INF:
                entry["grad_teacher" + suffix] = [[x * k for x in r] for r in gt]
                entry["grad_student" + suffix] = [[x * k for x in r] for r in gs]
        out["metrics"][metric] = entry
    return out


def gaussian():
    mt, lt, ms, ls = [[0.3, -1.2], [0.0, 0.7]], [[0.1, -0.4], [0.2, 0.0]], [[-0.5, 0.4], [1.1, 0.2]], [[-0.2, 0.3], [0.5, -0.1]]

    def forward(m1, l1, m2, l2):
        n = len(m1)
        value, g = 0.0, [[[0.0] * 2 for _ in range(n)] for _ in range(4)]
        for i in range(n):
            for j in range(2):
                v1, v2, d = math.exp(2 * l1[i][j]), math.exp(2 * l2[i][j]), m1[i][j] - m2[i][j]
                value += (l2[i][j] - l1[i][j] + (v1 + d * d) / (2 * v2) - 0.5) / n
                g[0][i][j] = d / v2 / n
                g[1][i][j] = (v1 / v2 - 1) / n
                g[2][i][j] = -d / v2 / n
                g[3][i][j] = (1 - (v1 + d * d) / v2) / n
        return value, g

    f = forward(mt, lt, ms, ls)
    r = forward(ms, ls, mt, lt)
    r = r[0], [r[1][2], r[1][3], r[1][0], r[1][1]]
    both = f[0] + r[0], [[plus(x, y) for x, y in zip(a, b)] for a, b in zip(f[1], r[1])]
    keys = ["grad_mean_t", "grad_logstd_t", "grad_mean_s", "grad_logstd_s"]
    metrics = {}
    for name, (value, g) in (("kl_forward", f), ("kl_reverse", r), ("jeffreys", both)):
        metrics[name] = {"value": value, **dict(zip(keys, g))}
    return {"mean_t": mt, "logstd_t": lt, "mean_s": ms, "logstd_s": ls, "metrics": metrics}


# Whole updates of linear classifiers: gradients are (p - y) xᵀ, so no differentiation is needed.


def logits(w, b, x):
    return [[sum(wi * v for wi, v in zip(r, s)) + c for r, c in zip(w, b)] for s in x]


def gradient(rows, x):
    """From the gradient in the logits: weight [out][in] and bias."""
    outs, ins = len(rows[0]), len(x[0])
    return (
        [[sum(r[o] * s[i] for r, s in zip(rows, x)) for i in range(ins)] for o in range(outs)],
        [sum(r[o] for r in rows) for o in range(outs)],
    )


def cross_entropy(z, y):
    n = len(z)
    p = [softmax(r, 1) for r in z]
    value = -sum(math.log(p[i][y[i]]) for i in range(n)) / n
    return value, [[(v - (k == y[i])) / n for k, v in enumerate(r)] for i, r in enumerate(p)]


def free_kl(free, reference, t):
    """KL(free ‖ reference), mean over rows, with the gradient in the free logits."""
    each = [row("kl_forward", a, b, t) for a, b in zip(free, reference)]
    n = len(each)
    return sum(e[0] for e in each) / n, [[v / n for v in e[1]] for e in each]


class Sgd:
    def __init__(self, lr, momentum, decay, nesterov):
        self.lr, self.momentum, self.decay, self.nesterov, self.buffer = lr, momentum, decay, nesterov, None

    def step(self, w, b, gw, gb):
        flat = [v for r in w for v in r] + b
        g = [v for r in gw for v in r] + gb
        g = [x + self.decay * v for x, v in zip(g, flat)]
        self.buffer = g if self.buffer is None else [self.momentum * m + x for m, x in zip(self.buffer, g)]
        d = [x + self.momentum * m for x, m in zip(g, self.buffer)] if self.nesterov else self.buffer
        flat = [v - self.lr * x for v, x in zip(flat, d)]
        ins = len(w[0])
        return [flat[i * ins : (i + 1) * ins] for i in range(len(w))], flat[len(w) * ins :]


def lot_step():
    rng = random.Random(4)
    net = lambda: ([[rng.uniform(-1, 1) for _ in range(2)] for _ in range(3)], [rng.uniform(-1, 1) for _ in range(3)])
    batch = lambda n: {"x": [[rng.uniform(-1, 1) for _ in range(2)] for _ in range(n)], "y": [rng.randrange(3) for _ in range(n)]}
    teacher, student = net(), net()
    bt, bs = [batch(3), batch(2)], [batch(2), batch(3), batch(2), batch(2)]
    alpha, t, steps = 0.7, 1.5, 2
    root = {
        "models": {k: {"dims": [2, 3], "activation": "tanh"} for k in ("teacher", "student_a")},
        "init": {"teacher": [list(teacher)], "student_a": [list(student)]},
        "Bt": bt,
        "Bs": bs,
    }
    first, second, used, recorded, after = Sgd(0.5, 0.9, 0.01, True), Sgd(0.5, 0.9, 0.01, True), 0, [], None
    for u in range(2):
        reg = bs[used]["x"]  # the first student step uses it too
        ce, g = cross_entropy(logits(*teacher, bt[u]["x"]), bt[u]["y"])
        mu, r = free_kl(logits(*teacher, reg), logits(*student, reg), t)
        a, b = gradient(g, bt[u]["x"]), gradient([[alpha * v for v in row_] for row_ in r], reg)
        teacher = first.step(*teacher, [plus(x, y) for x, y in zip(a[0], b[0])], plus(a[1], b[1]))
        lessons = []
        for _ in range(steps):
            x = bs[used]["x"]
            used += 1
            m, s = free_kl(logits(*student, x), logits(*teacher, x), t)
            lessons.append([{"ce": None, "mu": m, "loss": m}])
            student = second.step(*student, *gradient(s, x))
        recorded.append({"teacher": {"ce": ce, "mu": [mu], "loss": ce + alpha * mu}, "students": lessons})
        if u == 0:
            after = {"teacher": [list(teacher)], "student_a": [list(student)]}
    final = {"teacher": [list(teacher)], "student_a": [list(student)]}
    expected = {"steps": recorded, "weights_after_1": after, "weights_final": final, "student_batches_used": used}
    root["scenarios"] = [
        {
            "objective": "paper",
            "students": ["student_a"],
            "lambda": [1.0],
            "N": steps,
            "alpha": alpha,
            "temperature": t,
            "updates": 2,
            "optimizer": {"lr": 0.5, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True},
            "order": "teacher_first",
            "reg_on": "Bs",
            "teacher_metric": "kl_free_ref",
            "student_metric": "kl_free_ref",
            "T2_scaling": False,
            "float64": expected,
            "float32": {"steps": recorded, "weights_final": final},
            "max_abs_weight_diff_f32_f64": 1e-7,
        }
    ]
    return root


def write(name, root):
    def named(v):
        if isinstance(v, dict):
            return {k: named(x) for k, x in v.items()}
        if isinstance(v, list):
            return [named(x) for x in v]
        if isinstance(v, float) and math.isinf(v):
            return "inf" if v > 0 else "-inf"
        return v

    with open(os.path.join(OUT, name), "w") as f:
        json.dump(named(root), f, indent=1, allow_nan=False)
        f.write("\n")


def main():
    plain = [[0.5, -1.0, 2.0], [1.5, 0.2, -0.3]]
    other = [[1.0, 0.1, -0.4], [-0.7, 0.9, 0.6]]
    write(
        "imitability.json",
        {
            "cases": [
                case(plain, other, 2.0),
                case(plain + [[1e30, -INF, 0.0]], other + [[-INF, 1e30, 7.0]], 1.5, [1, 1, 0], "padding"),
                case(plain, other, 1.0, [0, 0], "nothing counts"),
                case([[0.3, -INF, 1.0]], [[-0.2, -INF, 0.5]], 1.5, name="absent on both sides"),
                case(
                    [[0.3, -INF, 1.0]],
                    [[-0.2, 0.1, 0.5]],
                    1.5,
                    name="absent for the teacher",
                    metrics=["kl_forward", "kl_reverse", "js", "l2_prob"],
                ),
            ],
            "gaussian": [gaussian()],
        },
    )
    write("lot_step.json", lot_step())


if __name__ == "__main__":
    main()
