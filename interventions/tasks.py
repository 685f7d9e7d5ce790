"""Where the job queue looks for this room's jobs."""

from interventions.informing import tasks

__all__ = ["tasks"]
