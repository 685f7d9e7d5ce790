"""What an import did: counts, and each refused row with its reason."""

from dataclasses import dataclass, field

from gisplatform.refusals import Refusals


@dataclass
class Report:
    """`recognised`: what the file turned out to be (encoding, separator, order of the dates)."""

    recognised: dict[str, str]
    imported: int = 0
    skipped: int = 0  # known from an earlier run, or twice in the file
    to_sort: int = 0  # of those imported
    created_categories: list[str] = field(default_factory=list)
    refused: Refusals = field(default_factory=Refusals)
