"""The platform as the demonstration serves it, with one address more that answers and does nothing."""

from gisplatform.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.server_urls"
