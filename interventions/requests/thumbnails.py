"""Small pictures of photos, made when asked for: nothing more is stored that would have to be erased."""

import io

from PIL import Image

from interventions.requests.models import Attachment

LONGEST_SIDE_PX = 480


def thumbnail(photo: Attachment) -> bytes:
    """A JPEG of at most LONGEST_SIDE_PX. Raises FileNotFoundError when the photo's file is gone."""
    with photo.file.open("rb") as file, Image.open(file, formats=["JPEG"]) as image:
        image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        image.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        output = io.BytesIO()
        image.save(output, "JPEG", quality=80)
    return output.getvalue()
