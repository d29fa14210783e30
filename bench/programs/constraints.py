"""One-way constraints between variables, re-planned and propagated again and again."""
import sys
import time


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.users = []
        self.source = None
        self.mark = 0


class Constraint:
    def __init__(self, strength, target, *inputs):
        self.strength = strength
        self.target = target
        self.inputs = inputs
        for variable in inputs:
            variable.users.append(self)

    def wants_target(self):
        holder = self.target.source
        return holder is None or holder.strength < self.strength

    def execute(self):
        raise NotImplementedError


class Equal(Constraint):
    def execute(self):
        self.target.value = self.inputs[0].value


class Linear(Constraint):
    def __init__(self, strength, target, source, factor, offset):
        super().__init__(strength, target, source)
        self.factor = factor
        self.offset = offset

    def execute(self):
        self.target.value = (self.inputs[0].value * self.factor + self.offset) % 99991


class Sum(Constraint):
    def execute(self):
        total = 0
        for variable in self.inputs:
            total += variable.value
        self.target.value = total % 99991


class Planner:
    def __init__(self):
        self.mark = 0

    def enforce(self, constraint):
        if constraint.wants_target():
            constraint.target.source = constraint

    def plan_from(self, start):
        """The constraints that depend on `start`, each after those that feed it."""
        self.mark += 1
        start.mark = self.mark
        plan = []
        waiting = [start]
        while waiting:
            variable = waiting.pop()
            for constraint in variable.users:
                target = constraint.target
                if target.source is constraint and target.mark != self.mark:
                    target.mark = self.mark
                    plan.append(constraint)
                    waiting.append(target)
        return plan

    def change(self, variable, value):
        variable.value = value
        for constraint in self.plan_from(variable):
            constraint.execute()


def work(n):
    planner = Planner()
    chain = [Variable(f"v{i}", i) for i in range(60)]
    for i in range(1, 60):
        if i % 3 == 0:
            rule = Linear(i % 5, chain[i], chain[i - 1], 3, i)
        elif i % 3 == 1:
            rule = Equal(i % 5, chain[i], chain[i - 1])
        else:
            rule = Sum(i % 5, chain[i], chain[i - 1], chain[i // 2])
        planner.enforce(rule)
        planner.enforce(Equal(0, chain[i], chain[i - 1]))
    total = 0
    for i in range(n):
        planner.change(chain[i % 7], i)
        total = (total + chain[-1].value) % 1000003
    return total


def main(n=12000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
