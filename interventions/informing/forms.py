"""What a requester sends from their page."""

import hashlib
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gisplatform.errors import PlatformError, UnreadableFile
from interventions.informing import saying
from interventions.informing.saying import COMMENT_MAX, PHOTOS_AT_ONCE, WORDS_MAX
from interventions.informing.tracking import Tracked
from interventions.requests.models import Satisfaction
from interventions.requests.photos import reencode


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class PhotosField(forms.FileField):
    """A few photos, as they came."""

    widget = SeveralFiles(attrs={"accept": "image/*"})

    def clean(self, data: Any, _initial: Any = None) -> list[UploadedFile]:
        uploads: list[UploadedFile] = [each for each in data or [] if each]
        if len(uploads) > PHOTOS_AT_ONCE:
            raise ValidationError(_("At most %(count)d photos at once: choose them again.") % {"count": PHOTOS_AT_ONCE})
        return uploads


class SayingForm(forms.Form):
    """Words and photos, under a key that makes a second press harmless.

    Photos are read and re-encoded, which costs much, only when `tracked` may still say something.
    """

    name, reopens = "", False
    key = forms.UUIDField(
        error_messages=dict.fromkeys(["required", "invalid"], gettext_lazy("The page was not complete: send it again."))
    )
    text = forms.CharField(
        required=False, max_length=WORDS_MAX, strip=True,
        error_messages={"max_length": gettext_lazy("This is too long: at most %(limit_value)d characters.")},
    )  # fmt: skip
    photos = PhotosField(required=False)

    def __init__(self, data: Any = None, files: Any = None, *, tracked: Tracked | None = None) -> None:
        super().__init__(data, files, auto_id=f"{self.name}-%s")
        self.tracked = tracked

    def clean(self) -> dict[str, Any]:
        """The key becomes that of what is sent: pressed twice it is the same, gone back to and changed another."""
        said = super().clean() or {}
        if self.errors or self.tracked is None:
            return said
        digest = hashlib.sha256(said["text"].encode())
        for upload in said["photos"]:
            digest.update(hashlib.file_digest(upload, "sha256").digest())
            upload.seek(0)
        said["key"] = uuid5(said["key"], digest.hexdigest())
        try:
            if not saying.is_said(said["key"]):
                saying.refuse(self.tracked, reopens=self.reopens, photos=len(said["photos"]))
        except PlatformError as refusal:
            raise ValidationError(str(refusal)) from None
        said["photos"] = [content for content in map(self._read, said["photos"]) if content]
        return said

    def _read(self, upload: UploadedFile) -> bytes | None:
        try:
            return reencode(upload)
        except UnreadableFile as error:
            self.add_error("photos", f"{upload.name} : {error}")
            return None

    @property
    def key_value(self) -> UUID:
        """The key as it came, so that a second try is the same; a new one where it cannot be read."""
        try:
            return UUID(self["key"].value())
        except (TypeError, ValueError, AttributeError):
            return uuid4()

    @property
    def lost_photos(self) -> bool:
        """Photos came with what was refused: a browser does not choose them again by itself."""
        return self.refused and any(self.files.values())

    @property
    def refused(self) -> bool:
        return self.is_bound and not self.is_valid()


class PrecisionForm(SayingForm):
    name = "precision"

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors and not said["text"] and not said["photos"]:
            self.add_error("text", _("Write something, or choose a photo."))
        return super().clean()


class NotRepairedForm(SayingForm):
    name, reopens = "reopen", True

    def clean_text(self) -> str:
        if not self.cleaned_data["text"]:
            raise ValidationError(_("Say what is still not right: the service needs it to come back."))
        return self.cleaned_data["text"]


class SatisfactionForm(forms.Form):
    mark = forms.ChoiceField(choices=Satisfaction.Mark.choices)
    comment = forms.CharField(required=False, max_length=COMMENT_MAX, empty_value="")

    def clean_comment(self) -> str | None:
        """None when the comment was not asked for: pressing a face leaves it."""
        return self.cleaned_data["comment"] if "comment" in self.data else None
