"""Quotes labelled where they lie: in Spark, in Ray Data, in DuckDB.

Each engine hands Arrow record batches to the one function `label_batches`; its module only
says how the model reaches the workers. See ``docs/engines.md``.
"""

from stance.engines.batches import label_batches

__all__ = ["label_batches"]
