"""Reference trajectories of the classic-control environments, worked out with numpy.

    python3 classic_control.py > ../resources/golden/classic-control.json

Nothing here is taken over from the Java sources. The equations of motion are written as the linear
systems that the papers start from, mass matrix times acceleration = force, and are solved
numerically; the Java solves them in closed form. Starts and actions are drawn here and stand in the
file, one episode each. An episode whose end hangs on rounding would test nothing: each one is run
again from a start moved by 1e-14, and has to come out within 1e-7.
"""

import json

import numpy as np

EPISODES = {}


# CartPole: Barto, Sutton and Anderson, 1983, appendix, without friction. Coordinates (x, theta).
def cart_pole(s, action):
    mass_cart, mass_pole, half, gravity = 1.0, 0.1, 0.5, 9.8
    x, x_dot, th, th_dot = s
    matrix = np.array(
        [
            [mass_cart + mass_pole, mass_pole * half * np.cos(th)],
            [mass_pole * half * np.cos(th), 4 / 3 * mass_pole * half**2],
        ]
    )
    forces = np.array(
        [
            (-10.0, 10.0)[action] + mass_pole * half * th_dot**2 * np.sin(th),
            mass_pole * gravity * half * np.sin(th),
        ]
    )
    x_acc, th_acc = np.linalg.solve(matrix, forces)
    after = np.array(s) + 0.02 * np.array([x_dot, x_acc, th_dot, th_acc])
    fallen = bool(abs(after[0]) > 2.4 or abs(np.degrees(after[2])) > 12)
    return after, 1.0, fallen


# Acrobot: Sutton, 1996; Sutton and Barto's book. Coordinates (theta1, theta2).
def acrobot_slope(s, torque):
    m = length = inertia = 1.0
    c, gravity = 0.5, 9.8
    th1, th2, v1, v2 = s
    m22 = m * c**2 + inertia
    m12 = m22 + m * length * c * np.cos(th2)
    m11 = m * c**2 + inertia + m * length**2 + m22 + 2 * m * length * c * np.cos(th2)
    coupling = m * length * c * np.sin(th2)
    # cos(a - pi/2) = sin(a)
    pull2 = m * c * gravity * np.sin(th1 + th2)
    pull1 = (m * c + m * length) * gravity * np.sin(th1) + pull2
    right = np.array(
        [coupling * v2 * (v2 + 2 * v1) - pull1, torque - coupling * v1**2 - pull2]
    )
    a1, a2 = np.linalg.solve(np.array([[m11, m12], [m12, m22]]), right)
    return np.array([v1, v2, a1, a2])


def acrobot(s, action):
    torque, h = action - 1.0, 0.2
    s = np.array(s)
    k1 = acrobot_slope(s, torque)
    k2 = acrobot_slope(s + h / 2 * k1, torque)
    k3 = acrobot_slope(s + h / 2 * k2, torque)
    k4 = acrobot_slope(s + h * k3, torque)
    s = s + h * (k1 + 2 * k2 + 2 * k3 + k4) / 6
    s[:2] = np.angle(np.exp(1j * s[:2]))
    s[2:] = np.clip(s[2:], [-4 * np.pi, -9 * np.pi], [4 * np.pi, 9 * np.pi])
    up = bool(-np.cos(s[0]) - np.cos(s[0] + s[1]) > 1)
    return s, 0.0 if up else -1.0, up


# Mountain car: Moore, 1990.
def drive(s, force):
    position, velocity = s
    velocity = np.clip(velocity + force - 0.0025 * np.cos(3 * position), -0.07, 0.07)
    position = np.clip(position + velocity, -1.2, 0.6)
    if position <= -1.2:
        velocity = max(velocity, 0.0)
    return np.array([position, velocity])


def mountain_car(s, action):
    s = drive(s, 0.001 * (action - 1))
    return s, -1.0, bool(s[0] >= 0.5 and s[1] >= 0)


def mountain_car_continuous(s, action):
    s = drive(s, 0.0015 * action)
    there = bool(s[0] >= 0.45 and s[1] >= 0)
    return s, 100.0 * there - 0.1 * action**2, there


# Pendulum: a rod of 1 m and 1 kg about its end, moment of inertia m l^2 / 3.
def pendulum(s, action, g=10.0):
    angle, spin = s
    tilt = np.arctan2(np.sin(angle), np.cos(angle))
    reward = -(tilt**2 + 0.1 * spin**2 + 0.001 * action**2)
    acceleration = (g / 2 * np.sin(angle) + action) / (1 / 3)
    spin = np.clip(spin + 0.05 * acceleration, -8, 8)
    return np.array([angle + 0.05 * spin, spin]), reward, False


def shown(name, s):
    if name == "pendulum":
        return [np.cos(s[0]), np.sin(s[0]), s[1]]
    if name == "acrobot":
        return [np.cos(s[0]), np.sin(s[0]), np.cos(s[1]), np.sin(s[1]), s[2], s[3]]
    return list(s)


def run(name, step, start, policy, limit):
    s, rows, actions = np.array(start, dtype=np.float64), [], []
    while True:
        action = policy(s, len(rows))
        s, reward, terminated = step(s, action)
        truncated = len(rows) + 1 >= limit
        actions.append(action)
        rows.append([shown(name, s), reward, terminated, truncated])
        if terminated or truncated:
            return rows, actions


def episode(name, step, start, policy, limit, **keys):
    start = [float(x) for x in start]
    rows, actions = run(name, step, start, policy, limit)
    moved, _ = run(name, step, np.array(start) + 1e-14, lambda s, i: actions[i], limit)
    assert [row[2:] for row in rows] == [row[2:] for row in moved], (name, start)
    apart = max(np.abs(np.subtract(a[0], b[0])).max() for a, b in zip(rows, moved))
    assert apart < 1e-7, (name, start, len(rows), apart)
    EPISODES.setdefault(name, []).append(
        {
            "max-steps": limit,
            **keys,
            "start": start,
            "steps": [
                [a, [round(float(x), 9) for x in seen], round(float(reward), 9), int(end), int(cut)]
                for a, (seen, reward, end, cut) in zip(actions, rows)
            ],
        }
    )


def eighths(rng, bound):
    """A number that a float holds exactly."""
    return float(rng.integers(-8 * bound, 8 * bound + 1)) / 8


def main():
    rng = np.random.default_rng(1983)

    def any_of(n):
        return lambda s, i: int(rng.integers(n))

    def balance(s, i):
        return int(s[2] + 0.3 * s[3] + 0.02 * s[0] + 0.05 * s[1] > 0)

    for _ in range(6):
        episode("cartpole", cart_pole, rng.uniform(-0.05, 0.05, 4), any_of(2), 500)
    episode("cartpole", cart_pole, [0.01, -0.02, 0.03, 0.04], balance, 160)
    episode("cartpole", cart_pole, [2.3, 0.5, 0.0, 0.3], balance, 500)
    episode("cartpole", cart_pole, [-2.35, -0.6, 0.01, -0.3], balance, 500)

    for size in (0.1, 1.0, 3.0):
        for _ in range(5):
            start = rng.uniform(-size, size, 4) * [1, 1, 2, 3]
            episode("acrobot", acrobot, start, any_of(3), 40)
    episode("acrobot", acrobot, [0.05, -0.02, 0.01, 0.0], lambda s, i: 1, 300)
    # With the elbow's speed: swings up.
    pump = lambda s, i: 2 if s[3] > 0 else 0
    for start in ([0.1, -0.1, 0.1, 0.1], [0.02, 0.08, 0.0, -0.05]):
        episode("acrobot", acrobot, start, pump, 120)
    # Fast enough to be held at both bounds of speed.
    for start in ([-0.6, -1.7, 10.7, 19.9], [0.4, 2.8, 5.2, -23.3], [0.3, 0.2, 13.5, -30.0]):
        episode("acrobot", acrobot, start, any_of(3), 15)

    along = lambda s, i: 2 if s[1] >= 0 else 0
    for _ in range(2):
        start = [rng.uniform(-0.6, -0.4), 0.0]
        episode("mountain-car", mountain_car, start, any_of(3), 200)
        episode("mountain-car", mountain_car, start, along, 200)
    episode("mountain-car", mountain_car, [-1.1, -0.06], lambda s, i: 0, 60)

    soft = lambda s, i: 0.75 if s[1] >= 0 else -0.875
    for _ in range(2):
        start = [rng.uniform(-0.6, -0.4), 0.0]
        noise = lambda s, i: eighths(rng, 1)
        episode("mountain-car-continuous", mountain_car_continuous, start, noise, 400)
        episode("mountain-car-continuous", mountain_car_continuous, start, soft, 999)
    episode("mountain-car-continuous", mountain_car_continuous, [-1.1, -0.06], noise, 60)

    for _ in range(4):
        start = rng.uniform(-1, 1, 2) * [np.pi, 1]
        episode("pendulum", pendulum, start, lambda s, i: eighths(rng, 2), 200, g=10.0)
    episode("pendulum", pendulum, [2.0, 7.5], lambda s, i: 2.0, 80, g=10.0)
    heavy = lambda s, a: pendulum(s, a, 3.5)
    episode("pendulum", heavy, [-3.0, -0.5], lambda s, i: eighths(rng, 2), 100, g=3.5)

    lines = []
    for name, episodes in EPISODES.items():
        inner = ",\n".join(
            json.dumps({k: v for k, v in e.items() if k != "steps"})[:-1]
            + ', "steps": [\n'
            + ",\n".join(json.dumps(row, separators=(",", ":")) for row in e["steps"])
            + "\n]}"
            for e in episodes
        )
        lines.append(f'"{name}": [\n{inner}\n]')
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
