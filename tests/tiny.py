"""A model small enough to see through: "lied" accuses, "welcome" conciliates."""

from __future__ import annotations

import numpy as np

from stance import Model


def tiny_model() -> Model:
    return Model(
        terms=["lied", "welcome"],
        idf=np.array([1.0, 1.0], dtype=np.float32),
        weights=np.array([[4, -2, -2], [-2, 4, -2]], dtype=np.float32),
        intercepts=np.array([0.0, 0.0, 1.0]),
        threshold=0.6,
        card={"made": "by hand"},
    )
