"""What a list of interventions tells of each, and what may be done with it now."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from gisplatform.models import User
from interventions.requests.models import Attachment, ServiceRequest
from interventions.work.lifecycle import Move, possible
from interventions.work.models import Intervention

# The move that is the next step; the others stand beside it.
FIRST = ("validate", "start", "finish")


@dataclass(frozen=True)
class Card:
    intervention: Intervention
    requests: list[ServiceRequest]
    photos: list[Attachment]
    moves: dict[str, Move]
    key: uuid.UUID  # photos of what was done arrive under it

    @property
    def primary(self) -> str:
        return next((name for name in FIRST if name in self.moves), "")

    @property
    def place(self) -> str:
        return next((each.address for each in self.requests if each.address), "")

    @property
    def kinds(self) -> list[str]:
        return list(dict.fromkeys(each.category.name for each in self.requests))


def cards(interventions: Iterable[Intervention], *, user: User, keys: dict[str, uuid.UUID] | None = None) -> list[Card]:
    """`interventions` were read `with_names`: nothing more is queried.

    `keys` are those of forms shown again, by reference: the photos that came with them are kept.
    """
    return [_card(each, user, (keys or {}).get(each.reference) or uuid.uuid4()) for each in interventions]


def _card(intervention: Intervention, user: User, key: uuid.UUID) -> Card:
    requests = list(intervention.requests.all())
    photos = [photo for request in requests for photo in request.attachments.all()]
    return Card(
        intervention,
        requests,
        [*photos, *intervention.photos.all()],
        possible(state=intervention.state, may=user.may),
        key,
    )
