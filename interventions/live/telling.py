"""What is told to whom: staff of the requests they may see, companies of their interventions, a requester of theirs."""

from dataclasses import dataclass

from gisplatform.models import User
from interventions.live.news import News
from interventions.requests.sight import Sight
from interventions.work.sight import WorkSight

# What staff write to each other is no move of the work.
NO_NEWS_OF_WORK = {"noted", "told", "added", "shown", "hidden", "corrected", "joined_by", "left_by", "rejoined"}


@dataclass
class Account:
    """Somebody with an account; what they see is brought in step by `see`."""

    sight: Sight
    work: WorkSight

    @classmethod
    def of(cls, user: User) -> "Account":
        return cls(Sight.of(user), WorkSight.of(user))

    def see(self, user: User) -> None:
        self.sight, self.work = Sight.of(user), WorkSight.of(user)

    def __call__(self, news: News) -> bytes:
        if self.sight.holds(news):
            return news.for_staff()
        said = b""
        if any(self.sight.holds(each) for each in news.before):
            said = news.gone()
        elif not self.work.nothing and news.kind not in NO_NEWS_OF_WORK:
            for each in news.works:
                if self.work.holds(
                    department_id=each.department_id, executed_by_id=each.executed_by_id, validated=each.validated
                ):
                    said += news.for_work(each)
        return said


@dataclass
class Requester:
    """Whoever holds the address of a tracking page: what that page shows, of their request and the one it joined."""

    request_id: int
    reference: str
    joined_id: int | None

    def __call__(self, news: News) -> bytes:
        if news.request_id == self.request_id:
            # Joined or detached just now, it looks elsewhere from here on.
            self.joined_id = news.duplicate_of_id
        elif news.request_id != self.joined_id:
            return b""
        return news.for_requester(self.reference) if news.told else b""
