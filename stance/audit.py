"""Annotations that look wrong."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stance.analyser import TermIndex, frequent_terms
from stance.annotations import Annotation
from stance.codebook import STANCES
from stance.corpus import load_shipped_corpus, renumber
from stance.errors import StanceError
from stance.model import Model, load_model
from stance.quotes import Batch, create_quotes
from stance.text import text_hash
from stance.training import fit_weights
from stance.vectors import word_features

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

N_PARTS = 5
MOST_WORDS = 4
COLUMNS = (
    *("text", "speaker", "stance", "suggested", "against", "quality", *STANCES),
    *("annotator", "file", "row"),
)


@dataclass(frozen=True)
class Suspect:
    """An annotation that looks wrong.

    Attributes
    ----------
    text : str
        The quote.
    speaker : str
        Who said it; empty where that is not known.
    stance : str
        The stance it was given.
    suggested : str
        The stance that models think most probable which were fitted without this quote.
    probabilities : tuple of float
        What they think, in the order of `STANCES`.
    against : list of str
        The terms that speak most for the suggested stance and against the given one.
    annotator : str
        Who gave the stance.
    file : str
        The file it stands in.
    row : int
        Its line, row or record there, counted from 1.
    """

    text: str
    speaker: str
    stance: str
    suggested: str
    probabilities: tuple[float, float, float]
    against: list[str]
    annotator: str
    file: str
    row: int

    @property
    def quality(self) -> float:
        """Half of one plus the margin of the given stance over the next; 0 is worst."""
        given = self.probabilities[STANCES.index(self.stance)]
        return (given - self.probabilities[STANCES.index(self.suggested)] + 1) / 2


def find_suspects(
    annotations: Sequence[Annotation],
    *,
    n_parts: int = N_PARTS,
    random_state: int = 0,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> list[Suspect]:
    """Find annotations that look wrong.

    The annotated quotes are cut into parts. The quotes of each are predicted by a model
    fitted on the other parts and the shipped training set, in which none of the annotated
    quotes is left. Confident learning then says which labels these predictions contradict.

    Parameters
    ----------
    annotations : sequence of Annotation
        At least one; each is judged by itself, also where a quote has several.
    n_parts : int, default 5
        How many parts; with one, the shipped training set alone is fitted, which is quicker
        and does not know how these annotators judge.
    random_state : int, default 0
        Seed of the parts.
    on_stage : callable, optional
        Told the name of each stage as it begins.

    Returns
    -------
    list of Suspect
        Worst first. They are worth a second look; many are hard cases rather than errors.

    Raises
    ------
    StanceError
        If cleanlab is not installed.

    Notes
    -----
    Confident learning is from Northcutt, Jiang and Chuang, "Confident Learning: Estimating
    Uncertainty in Dataset Labels" (JAIR 70, 2021); labels are pruned by noise rate (section
    3.3) and ranked by normalised margin.
    """
    find_label_issues = _cleanlab()
    texts = [one.text for one in annotations]
    y = np.array([STANCES.index(one.stance) for one in annotations], dtype=np.int64)
    probabilities = np.empty((len(texts), len(STANCES)))
    part_of = _parts([text_hash(text) for text in texts], n_parts, random_state)
    models = []
    for part, model in enumerate(_models(texts, y, part_of, on_stage)):
        held = np.flatnonzero(part_of == part)
        own = [texts[i] for i in held]
        model = model.narrowed(own)
        probabilities[held] = model.predict_proba(own)
        models.append(model)
    with warnings.catch_warnings():
        # That a stance with one annotation cannot be judged is no news.
        warnings.filterwarnings("ignore", "May not flag all label issues", UserWarning)
        order = find_label_issues(
            y, probabilities, return_indices_ranked_by="normalized_margin", n_jobs=1
        )
    suspects = []
    for i in order:
        a, c, n = (float(p) for p in probabilities[i])
        best = int(probabilities[i].argmax())
        if best == y[i]:
            continue
        suspects.append(
            Suspect(
                text=texts[i],
                speaker=annotations[i].speaker,
                stance=STANCES[y[i]],
                suggested=STANCES[best],
                probabilities=(a, c, n),
                against=_against(models[part_of[i]], texts[i], int(y[i]), best),
                annotator=annotations[i].annotator,
                file=annotations[i].file,
                row=annotations[i].row,
            )
        )
    return suspects


def write_suspects(suspects: Sequence[Suspect], output: str, *, format: str) -> None:
    """Write suspects as a file of quotes, a row each, with the columns `COLUMNS`.

    Parameters
    ----------
    suspects : sequence of Suspect
        What to write.
    output : str
        Where to; ``-`` is the standard output.
    format : str
        One of ``csv tsv jsonl parquet xlsx``.

    Raises
    ------
    StanceError
        If the file cannot be written.
    """
    rows = [
        (
            *(s.text, s.speaker, s.stance, s.suggested, "; ".join(s.against)),
            *(f"{number:.4f}" for number in (s.quality, *s.probabilities)),
            *(s.annotator, s.file, str(s.row)),
        )
        for s in suspects
    ]
    columns = {
        name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(COLUMNS)
    }
    batch = Batch(pa.table(columns), list(range(1, len(rows) + 1)), None, [], columns["text"])
    with create_quotes(output, format=format, columns=COLUMNS) as write:
        write(batch, pa.table({}))


def _cleanlab() -> Any:
    try:
        from cleanlab.filter import find_label_issues
    except ImportError as error:
        raise StanceError(
            "the audit needs cleanlab; install it with: pip install 'diplomatic-stance[audit]'",
            usage=True,
        ) from error
    return find_label_issues


def _parts(hashes: Sequence[str], n_parts: int, random_state: int) -> IntArray:
    """Give each quote its part; annotations of one quote are never in two."""
    distinct, which = np.unique(np.array(hashes), return_inverse=True)
    parts = np.arange(len(distinct)) % min(n_parts, len(distinct))
    shuffled: IntArray = np.random.default_rng(random_state).permutation(parts)[which]
    return shuffled


def _models(
    texts: Sequence[str], y: IntArray, part_of: IntArray, on_stage: Callable[[str], None]
) -> Iterator[Model]:
    """Fit, for each part, a model on all but it."""
    from scipy.sparse import vstack

    shipped = load_shipped_corpus()
    card = load_model().card
    column = pa.array(texts, pa.string())
    longest = shipped.analyser.longest
    terms = sorted({*shipped.terms, *frequent_terms(column, longest=longest, min_texts=2)})
    own = TermIndex(terms, shipped.analyser.lexicon).count(column).to_scipy(len(terms))
    others = np.flatnonzero(~np.isin(shipped.hashes, [text_hash(text) for text in texts]))
    features = word_features(terms, shipped.vectors)
    X = vstack([renumber(shipped, terms).X[others], own]).tocsr()
    labels = np.concatenate([shipped.y[others], y])
    weights = np.concatenate([shipped.weights[others], np.ones(len(y))])
    parts = np.concatenate([np.full(len(others), -1), part_of])
    n_parts = int(part_of.max()) + 1
    for part in range(n_parts):
        on_stage("fitting" if n_parts == 1 else f"fitting without part {part + 1} of {n_parts}")
        kept = parts != part
        idf, coefficients, intercepts = fit_weights(
            X[kept], labels[kept], weights[kept], card["training"]["C"], features
        )
        temperature = card["calibration"]["temperature"]
        yield Model(
            terms=terms,
            idf=idf.astype(np.float32),
            weights=(coefficients / temperature).astype(np.float32),
            intercepts=intercepts / temperature,
            threshold=0.0,
            card={},
            lexicon=shipped.analyser.lexicon,
        )


def _against(model: Model, text: str, given: int, suggested: int) -> list[str]:
    """Name the terms that tell most for the one stance and against the other."""
    pull: dict[str, float] = {}
    for contribution in model.explain(text).contributions:
        words = text[contribution.start : contribution.end].lower()
        # A cue is shown by its words, which a term of the same words may join.
        term = words if contribution.term.startswith("<") else contribution.term
        added = contribution.weights[suggested] - contribution.weights[given]
        pull[term] = pull.get(term, 0.0) + added
    strongest = sorted(pull, key=lambda term: (-pull[term], term))
    return [term for term in strongest if pull[term] > 0][:MOST_WORDS]
