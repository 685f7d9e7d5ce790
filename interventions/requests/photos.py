"""Photos: checked, turned upright, reduced and re-encoded on arrival, so that nothing else comes in with them."""

import hashlib
import io
import warnings
from typing import Any
from uuid import UUID

import pi_heif
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from gisplatform.errors import KeyReused, UnreadableFile
from gisplatform.models import User
from interventions.requests.models import Attachment

pi_heif.register_heif_opener()

FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]
MAX_PIXELS = 36_000_000
LONGEST_SIDE_PX = 2048
PER_REQUEST = 6


def receive(*, upload: UploadedFile, key: UUID, uploaded_by: User | None) -> Attachment:
    """Store a photo under the form's `key`; the same photo twice is stored once.

    Raises UnreadableFile with a sentence when it is no photo, too large, damaged, or one too many; KeyReused when
    somebody else sent it under this key.
    """
    return store(content=reencode(upload), key=key, uploaded_by=uploaded_by)


def store(*, content: bytes, key: UUID, uploaded_by: User | None, **facts: Any) -> Attachment:
    """Store a photo that is already re-encoded, as `receive` does; `facts` are other columns of Attachment."""
    waiting = Attachment.objects.filter(key=key, uploaded_by=uploaded_by)
    digest = hashlib.sha256(content).hexdigest()
    known = waiting.filter(digest=digest).first()
    if known:
        return known
    if waiting.count() >= PER_REQUEST:
        raise UnreadableFile(_("At most %(count)d photos go with a request.") % {"count": PER_REQUEST})
    attachment = Attachment(key=key, uploaded_by=uploaded_by, digest=digest, **facts)
    name = f"{digest[:32]}.jpg"
    # Without a name of its own, Django would not look into it for its width and height.
    attachment.file.save(name, ContentFile(content, name=name), save=False)
    try:
        with transaction.atomic():
            attachment.save()
    except IntegrityError:
        # Sent twice at once: the other one came first.
        attachment.file.delete(save=False)
        known = waiting.filter(digest=digest).first()
        if known is None:
            raise KeyReused from None
        return known
    return attachment


def waiting(*, key: UUID, uploaded_by: User) -> QuerySet[Attachment]:
    """Photos this person sent under `key` for a request that does not exist yet, in the order they came."""
    return Attachment.objects.filter(key=key, uploaded_by=uploaded_by, request=None, intervention=None).order_by("id")


def discard(*, photo_id: int, uploaded_by: User) -> None:
    """Take back a photo whose request does not exist yet, its file too; one already gone is no error."""
    for photo in Attachment.objects.filter(pk=photo_id, uploaded_by=uploaded_by, request=None, intervention=None):
        photo.delete()
        photo.file.delete(save=False)


def reencode(upload: UploadedFile) -> bytes:
    """The photo as an upright JPEG without metadata, its longest side at most LONGEST_SIDE_PX pixels."""
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise UnreadableFile(
            _("This photo is too large: at most %(size)d MB.") % {"size": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
        )
    try:
        # Pillow warns at this many pixels and raises at twice as many: both are a refusal here.
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise UnreadableFile(_("This photo has too many pixels: reduce it and send it again."))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            plain = upright.convert("RGB")
            plain.info = {}  # a comment would be written again
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise UnreadableFile(_("This photo has too many pixels: reduce it and send it again.")) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise UnreadableFile(_("This file is not a photo we can read: send a JPEG, PNG, WebP or HEIC.")) from None
    output = io.BytesIO()
    plain.save(output, "JPEG", quality=85, optimize=True)
    return output.getvalue()
