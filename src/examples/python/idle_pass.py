import asyncore
import sys
import time

ROUNDS = 5
ROUND_SECONDS = 0.2


def listener(map):
    listener = asyncore.dispatcher(map=map)
    listener.create_socket()
    listener.set_reuse_addr()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)


def best(map, use_poll):
    best = float("inf")
    for _ in range(ROUNDS):
        passes = 0
        start = time.perf_counter_ns()
        elapsed = 0
        while elapsed < ROUND_SECONDS * 1e9:
            for _ in range(100):
                asyncore.loop(0, use_poll, map, 1)
            passes += 100
            elapsed = time.perf_counter_ns() - start
        best = min(best, elapsed // passes)
    return best


if __name__ == "__main__":
    map = {}
    for _ in range(int(sys.argv[1])):
        listener(map)
    print(f"{len(map)} idle channels")
    print(f"select order: {best(map, False)} ns a pass")
    print(f"poll order:   {best(map, True)} ns a pass")
    asyncore.close_all(map)
