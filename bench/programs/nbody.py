"""Planets that attract each other: attributes of float-valued objects."""
import math
import sys
import time


class Body:
    def __init__(self, mass, x, y, z, vx, vy, vz):
        self.mass = mass
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx
        self.vy = vy
        self.vz = vz


def make_system():
    system = [Body(1000.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)]
    for i in range(1, 6):
        distance = 10.0 * i
        speed = math.sqrt(1000.0 / distance)
        system.append(Body(1.0 / i, distance, 0.0, 0.1 * i, 0.0, speed, 0.02 * i))
    return system


def energy(system):
    total = 0.0
    for i, a in enumerate(system):
        total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
        for b in system[i + 1:]:
            total -= a.mass * b.mass / math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2)
    return total


def advance(pairs, system, dt):
    for a, b in pairs:
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        squared = dx * dx + dy * dy + dz * dz
        pull = dt / (squared * math.sqrt(squared))
        of_b = b.mass * pull
        a.vx -= dx * of_b
        a.vy -= dy * of_b
        a.vz -= dz * of_b
        of_a = a.mass * pull
        b.vx += dx * of_a
        b.vy += dy * of_a
        b.vz += dz * of_a
    for body in system:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def work(n):
    system = make_system()
    pairs = [(a, b) for i, a in enumerate(system) for b in system[i + 1:]]
    for _ in range(n):
        advance(pairs, system, 0.001)
    return round(energy(system), 6)


def main(n=30000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
