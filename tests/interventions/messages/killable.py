"""A worker that is begun anew each time it dies, as a service manager does: `python -m … CONCURRENCY`.

Forked from a process that has read everything already: it works again within a tenth of a second. Says each number.
"""

import os
import sys

import django
from django.conf import settings
from procrastinate.contrib.django import app

SIGN_S = 0.2  # how often it says that it lives


def main() -> None:
    django.setup()
    import interventions.informing.mail  # noqa: F401 (read once for all)

    while True:
        child = os.fork()
        if not child:
            _work(int(sys.argv[1]))
            os._exit(0)
        print(child, flush=True)  # noqa: T201
        os.waitpid(child, 0)


def _work(concurrency: int) -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(
            concurrency=concurrency,
            update_heartbeat_interval=SIGN_S,
            stalled_worker_timeout=settings.WORKER_DEAD_S,
            fetch_job_polling_interval=0.2,
            install_signal_handlers=False,
        )


if __name__ == "__main__":
    main()
