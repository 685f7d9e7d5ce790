"""Where the job queue looks for this room's jobs."""

from interventions.exchanging import tasks as exchanging
from interventions.informing import tasks as informing
from interventions.noticing import tasks as noticing
from interventions.requests.tiles import tasks as tiles
from interventions.rerouting import tasks as rerouting
from interventions.simulating import tasks as simulating

__all__ = ["exchanging", "informing", "noticing", "rerouting", "simulating", "tiles"]
