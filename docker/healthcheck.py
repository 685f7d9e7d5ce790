"""Does the web process of this container answer? Exit 0 or 1. It is asked as the proxy would ask it."""

import http.client
import os
import sys


def main() -> int:
    host = os.environ.get("GISPLATFORM_HOSTS", "127.0.0.1").split(",")[0]
    web = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        web.request("GET", "/health/", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return 0 if web.getresponse().status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
