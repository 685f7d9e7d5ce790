"""The platform's own settings, and two addresses more: `/empty` and `/api/v1/nothing`."""

from gisplatform.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.empty"
