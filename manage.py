#!/usr/bin/env python
"""Django's commands; the private cluster is started first when DATABASE_URL names no other database."""

import os
import sys

from django.core.management import execute_from_command_line

from gisplatform import cluster
from gisplatform.cluster_place import ClusterError

WITHOUT_DATABASE = {"collectstatic", "compilemessages", "help", "makemessages", "version", "--help", "--version", "-h"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisplatform.settings")
    if not os.environ.get("DATABASE_URL") and not WITHOUT_DATABASE.intersection(sys.argv[1:] or ["help"]):
        try:
            cluster.start()
        except ClusterError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
