"""The pages of layers as a browser without scripts asks for them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

IMPORT = "/couches/importer/"


def bring(client: Any, *paths: Any, **fields: str) -> Any:
    """Send files with the form; the answer leads to what they would become."""
    files = {"upload": [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]} if paths else {}
    return client.post(IMPORT, {**files, "name": "Secteurs de collecte", **fields})


def look(client: Any, url: str, **fields: str) -> Any:
    """What the file would become, with other words of its owner when there are any."""
    if fields:
        asked = client.get(url).context["form"].initial
        told = client.post(url, {**{name: value for name, value in asked.items() if value}, **fields})
        if told.status_code != 302:
            return told
    return client.get(url)


def take(client: Any, url: str, **fields: str) -> Any:
    """Press « Importer » on that page, all its fields as they stand but these."""
    asked = client.get(url).context["form"].initial
    return client.post(url, {**{name: value for name, value in asked.items() if value}, **fields, "import": "1"})


def send(client: Any, *paths: Any, **fields: str) -> Any:
    """From the file to its version, nothing being changed on the way; the answer that stopped it otherwise."""
    brought = bring(client, *paths, **fields)
    return take(client, brought.url) if brought.status_code == 302 else brought


def plain(page: Any) -> str:
    return " ".join(page.content.decode().split())


def errors(page: Any) -> dict[str, str]:
    return {name: " ".join(found[0].split()) for name, found in page.context["form"].errors.items()}
