"""Exports of annotation tools and tables -> annotations; agreement; consensus."""

from stance.annotations.agreement import (
    Agreement,
    Consensus,
    Pair,
    agreement,
    cohen_kappa,
    consensus,
    krippendorff_alpha,
)
from stance.annotations.annotation import Annotation
from stance.annotations.importing import Imported, import_annotations
from stance.annotations.labels import STANCE_COLUMNS, label_of, read_mapping
from stance.annotations.reading import Annotations, read_annotations

__all__ = [
    "STANCE_COLUMNS",
    "Agreement",
    "Annotation",
    "Annotations",
    "Consensus",
    "Imported",
    "Pair",
    "agreement",
    "cohen_kappa",
    "consensus",
    "import_annotations",
    "krippendorff_alpha",
    "label_of",
    "read_annotations",
    "read_mapping",
]
