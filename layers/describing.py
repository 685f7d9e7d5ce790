"""What is said of a layer, whatever its zones."""

from typing import Any

from layers.models import Layer


def describe(layer: Layer, **facts: Any) -> None:
    """Keep these fields of the layer. Where they are limits, the next check goes by them; checks made say their own."""
    Layer.objects.filter(pk=layer.pk).update(**facts)
