"""Label quotations by officials as accusatory, conciliatory or neutral."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stance.codebook import STANCES
from stance.errors import StanceError

if TYPE_CHECKING:
    from stance.classifier import StanceClassifier
    from stance.frames import predict
    from stance.model import Explanation, Model, load_model

__all__ = [
    "STANCES",
    "Explanation",
    "Model",
    "StanceClassifier",
    "StanceError",
    "load_model",
    "predict",
]

# Arrow, NumPy and scikit-learn are loaded only when needed, so that `stance --help` is instant.
_HOMES = {
    "Explanation": "stance.model",
    "Model": "stance.model",
    "StanceClassifier": "stance.classifier",
    "load_model": "stance.model",
    "predict": "stance.frames",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
