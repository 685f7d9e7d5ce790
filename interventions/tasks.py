"""Where the job queue looks for this room's jobs."""

from interventions.exchanging import tasks as exchanging
from interventions.informing import tasks as informing

__all__ = ["exchanging", "informing"]
