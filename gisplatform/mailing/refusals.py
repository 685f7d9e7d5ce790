"""What the codes of mail servers mean (RFC 3463, RFC 5321): is it the address, or only this message?"""

import re

ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# The mailbox or its domain is not there, or never will be. 5.1.7 and 5.1.8 are about the sender, 5.2.2 is a full
# mailbox, 5.3 to 5.7 are about the message or a policy: the next message may well arrive.
NOBODY = re.compile(r"5\.1\.(?:[0-6]|9|10)|5\.2\.1|5\.4\.4|5\.0\.0")
# Where a server gives no finer code, these say so when it is told the address.
NOBODY_WHEN_ADDRESSED = {550, 551, 553}


def finer(words: str) -> str:
    """`5.1.1` out of what a server says, "" when it is not so exact."""
    found = ENHANCED.search(words)
    return found[0] if found else ""


def nobody(*, code: int, words: str, addressed: bool) -> bool:
    """Whether a refusal says that nobody is at the address; `addressed`: it was the answer to the address itself."""
    exact = finer(words)
    if exact:
        return NOBODY.fullmatch(exact) is not None
    return addressed and code in NOBODY_WHEN_ADDRESSED
