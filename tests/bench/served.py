"""The platform's own settings, and one address more: `/empty`, the limit of what an answer can cost."""

from gisplatform.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.empty"
