"""Does the web process of this container answer? Exit 0 or 1. Speaks as the proxy would, for it is the proxy's to ask."""

import os
import sys
import urllib.request


def main() -> int:
    host = os.environ.get("GISPLATFORM_HOSTS", "127.0.0.1").split(",")[0]
    asked = urllib.request.Request(
        "http://127.0.0.1:8000/health/", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
