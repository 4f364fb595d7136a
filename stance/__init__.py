"""Label quotations by officials as accusatory, conciliatory or neutral."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stance.codebook import STANCES
from stance.errors import StanceError

if TYPE_CHECKING:
    from stance.model import Explanation, Model, load_model

__all__ = ["STANCES", "Explanation", "Model", "StanceError", "load_model"]


def __getattr__(name: str) -> Any:
    # Arrow and NumPy are loaded only when a model is, so that `stance --help` is instant.
    if name in {"Explanation", "Model", "load_model"}:
        import stance.model

        return getattr(stance.model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
