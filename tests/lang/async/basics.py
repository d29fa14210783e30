"""Coroutines, async generators, async with and for, driven by hand."""
# skip: gcstress


class Step:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got


async def add(a, b):
    x = await Step(a)
    y = await Step(b)
    return x + y


def drive(coroutine, *answers):
    log = []
    answers = list(answers)
    value = None
    try:
        while True:
            log.append(coroutine.send(value))
            value = answers.pop(0) if answers else None
    except StopIteration as stop:
        return log, stop.value


print(drive(add("a", "b"), 1, 2))


class Context:
    async def __aenter__(self):
        await Step("enter")
        return "ctx"

    async def __aexit__(self, *exc):
        await Step("exit")
        return exc[0] is KeyError


class Counter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n -= 1
        if self.n < 0:
            raise StopAsyncIteration
        return await Step(self.n) or self.n


async def agen(n):
    try:
        for i in range(n):
            got = yield i
            if got:
                await Step(("got", got))
    finally:
        await Step("cleanup")


async def everything():
    result = []
    async with Context() as c, Context():
        result.append(c)
        raise KeyError("swallowed")
    async for i in Counter(3):
        if i == 1:
            continue
        result.append(i)
    else:
        result.append("else")
    result.append([x async for x in agen(3) if x != 1])
    result.append({x: y async for x in agen(2) for y in [x * 2]})
    result.append([await Step(i) for i in range(2)])
    g = agen(5)
    result.append(await anext(g))
    result.append(await g.asend("hi"))
    await g.aclose()
    result.append(await anext(g, "done"))
    try:
        await g.athrow(ValueError("late"))
    except ValueError as error:
        result.append(repr(error))
    return result


print(drive(everything()))
c = add(1, 2)
print(type(c).__name__, c.__name__, c.cr_await, type(agen(1)).__name__)
c.close()
try:
    drive(c)
except RuntimeError as error:
    print(error)


async def bad():
    await 5


async def bad_for():
    async for x in [1]:
        pass


async def bad_with():
    async with 5:
        pass


for broken in (bad, bad_for, bad_with):
    try:
        drive(broken())
    except TypeError as error:
        print(error)

import asyncio


async def worker(name, delay, log):
    await asyncio.sleep(delay)
    log.append(name)
    return name * 2


async def main():
    log = []
    results = await asyncio.gather(worker("b", 0.02, log), worker("a", 0.01, log))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(worker("c", 0, log))
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(5)
    except TimeoutError:
        log.append("timeout")
    return results, log, task.result()


print(asyncio.run(main()))
