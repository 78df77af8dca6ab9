"""pool.py redis|postgresql SERVED: a pool of eight connections that eight threads use without end; SERVED counts answers."""
import sys, threading, time

server, path = sys.argv[1:]
if server == "redis":
    import redis

    pool = redis.BlockingConnectionPool(host="127.0.0.1", port=6379, max_connections=8)
    client = redis.Redis(connection_pool=pool)
    ask = client.ping
else:
    import psycopg_pool

    pool = psycopg_pool.ConnectionPool("host=127.0.0.1 user=peer dbname=postgres", min_size=8, max_size=8)

    def ask():
        with pool.connection() as connection:
            connection.execute("select 1")


together = threading.Barrier(8)
served = 0


def use():
    global served
    while True:
        try:
            # All at once, so that the pool fills.
            together.wait()
            ask()
            served += 1
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        time.sleep(0.05)


for _ in range(8):
    threading.Thread(target=use, daemon=True).start()
while True:
    time.sleep(0.05)
    with open(path, "w") as out:
        out.write(str(served))
