"""An operating system in small: tasks, queues and messages between many classes."""
import sys
import time


class Message:
    __slots__ = ("sender", "kind", "value", "next")

    def __init__(self, sender, kind, value):
        self.sender = sender
        self.kind = kind
        self.value = value
        self.next = None


class Mailbox:
    def __init__(self):
        self.first = None
        self.last = None
        self.length = 0

    def put(self, message):
        if self.first is None:
            self.first = message
        else:
            self.last.next = message
        self.last = message
        self.length += 1

    def take(self):
        message = self.first
        if message is not None:
            self.first = message.next
            message.next = None
            self.length -= 1
        return message

    def is_empty(self):
        return self.first is None


class Task:
    def __init__(self, kernel, name, priority):
        self.kernel = kernel
        self.name = name
        self.priority = priority
        self.mailbox = Mailbox()
        self.handled = 0
        self.sleeping = False

    def receive(self, message):
        self.mailbox.put(message)
        self.sleeping = False

    def is_ready(self):
        return not self.sleeping and not self.mailbox.is_empty()

    def step(self):
        message = self.mailbox.take()
        if message is None:
            self.sleeping = True
            return
        self.handled += 1
        self.handle(message)

    def handle(self, message):
        raise NotImplementedError


class Producer(Task):
    def __init__(self, kernel, name, priority, consumer, amount):
        super().__init__(kernel, name, priority)
        self.consumer = consumer
        self.left = amount

    def handle(self, message):
        if self.left > 0:
            self.left -= 1
            self.kernel.send(self.consumer, Message(self, "work", self.left))


class Worker(Task):
    def __init__(self, kernel, name, priority, device):
        super().__init__(kernel, name, priority)
        self.device = device
        self.sum = 0

    def handle(self, message):
        if message.kind == "work":
            self.sum = (self.sum * 31 + message.value) % 1000003
            self.kernel.send(self.device, Message(self, "write", self.sum))
            self.kernel.send(message.sender, Message(self, "more", 0))
        else:
            self.sum += 1


class Device(Task):
    def __init__(self, kernel, name, priority):
        super().__init__(kernel, name, priority)
        self.written = 0

    def handle(self, message):
        self.written ^= message.value
        if message.value % 3 == 0:
            self.kernel.send(message.sender, Message(self, "done", message.value))


class Kernel:
    def __init__(self):
        self.tasks = []
        self.sent = 0

    def add(self, task):
        self.tasks.append(task)
        self.tasks.sort(key=lambda each: -each.priority)
        return task

    def send(self, task, message):
        self.sent += 1
        task.receive(message)

    def pick(self):
        for task in self.tasks:
            if task.is_ready():
                return task
        return None

    def run(self):
        while (task := self.pick()) is not None:
            task.step()


def work(n):
    kernel = Kernel()
    disk = kernel.add(Device(kernel, "disk", 3))
    screen = kernel.add(Device(kernel, "screen", 4))
    workers = [kernel.add(Worker(kernel, "worker", 2, device)) for device in (disk, screen)]
    for worker in workers:
        source = kernel.add(Producer(kernel, "producer", 1, worker, n))
        kernel.send(source, Message(None, "more", 0))
    kernel.run()
    return kernel.sent, disk.written, screen.written, [worker.sum for worker in workers]


def main(n=20000, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = work(n)
        times.append(time.perf_counter() - start)
    print("checksum:", result)
    print("steady:", min(times[1:]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
