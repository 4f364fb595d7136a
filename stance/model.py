"""The model: a table of terms and their weights.

One Parquet file, a row for each term; everything else a prediction needs is JSON in the
file's metadata. Loading it runs no code, and it opens in pandas, R or DuckDB.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import as_file, files
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stance.analyser import Analyser, Counts, TermIndex
from stance.codebook import STANCES
from stance.errors import StanceError
from stance.files import whole_file
from stance.lexicon import EMPTY, STRENGTHS, Cue, Lexicon
from stance.text import as_texts, words

FloatArray = npt.NDArray[np.float64]

FORMAT_VERSION = 1
LABEL_COLUMNS = ("stance", "probability", *STANCES, "review")

_METADATA_KEY = b"stance.model"
_SCHEMA = pa.schema(
    [pa.field("term", pa.string()), pa.field("idf", pa.float32())]
    + [pa.field(stance, pa.float32()) for stance in STANCES]
    + [pa.field("cue", pa.string())]
)
# So many that their words stay in the processor's cache.
_ROWS_AT_A_TIME = 8192
_ROWS_EXPLAINED = 1024


@dataclass(frozen=True)
class Contribution:
    """What one occurrence of a term adds to the score of each stance.

    Attributes
    ----------
    term : str
        The term.
    start, end : int
        Its place in the text, in characters.
    weights : tuple of float
        What it adds, in the order of `STANCES`.
    """

    term: str
    start: int
    end: int
    weights: tuple[float, float, float]


@dataclass(frozen=True)
class Explanation:
    """Why a quote got its stance.

    Attributes
    ----------
    text : str
        The quote.
    stance : str
        The most probable stance.
    probabilities : tuple of float
        In the order of `STANCES`; they sum to 1.
    baseline : tuple of float
        The score of each stance before any word is read.
    contributions : list of Contribution
        Every known term, strongest for the stance first. Baseline and contributions sum to
        the scores, whose softmax gives the probabilities.
    """

    text: str
    stance: str
    probabilities: tuple[float, float, float]
    baseline: tuple[float, float, float]
    contributions: list[Contribution]

    @property
    def scores(self) -> FloatArray:
        """Baseline plus all contributions, in the order of `STANCES`."""
        added = [contribution.weights for contribution in self.contributions]
        total: FloatArray = np.array(self.baseline) + np.array(added).reshape(-1, 3).sum(axis=0)
        return total


@dataclass(frozen=True)
class Model:
    """A linear model over terms, weighted by TF-IDF.

    Attributes
    ----------
    terms : list of str
        Distinct terms, in the order of code points.
    idf : numpy.ndarray of float32, shape (n_terms,)
        Inverse document frequency of each, above 0.
    weights : numpy.ndarray of float32, shape (n_terms, 3)
        Calibrated weights, the columns in the order of `STANCES`.
    intercepts : numpy.ndarray of float64, shape (3,)
        Calibrated intercepts.
    threshold : float
        Probability below which a person should look, in [0, 1].
    card : dict
        What else is known of the model, as JSON: training, scores, versions.
    lexicon : Lexicon
        The cues whose kinds are among the terms.
    """

    terms: list[str]
    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    intercepts: FloatArray
    threshold: float
    card: dict[str, Any]
    lexicon: Lexicon = EMPTY

    @cached_property
    def _index(self) -> TermIndex:
        return TermIndex(self.terms, self.lexicon)

    @cached_property
    def _table(self) -> FloatArray:
        """For each term its weights times its idf, and the idf."""
        idf = self.idf.astype(np.float64)[:, None]
        return np.hstack([self.weights * idf, idf])

    def scores(self, texts: pa.StringArray) -> FloatArray:
        """Compute the score of each stance for each text.

        Parameters
        ----------
        texts : pyarrow.StringArray
            The quotes; a null counts as an empty text.

        Returns
        -------
        numpy.ndarray, shape (n_texts, 3)
            The linear scores; their softmax gives the probabilities.
        """
        result = np.empty((len(texts), 3))
        for start, part in _parts(texts):
            result[start : start + len(part)] = self.scores_of_counts(self._index.count(part))
        return result

    def scores_of_counts(self, counted: Counts) -> FloatArray:
        """Compute the scores of texts whose terms are counted already.

        Parameters
        ----------
        counted : Counts
            By the model's own numbers of terms.

        Returns
        -------
        numpy.ndarray, shape (n_texts, 3)
            As `scores`.
        """
        filled = np.flatnonzero(np.diff(counted.indptr))
        # One row for each term of each text: what it adds to the scores and to the norm.
        added = self._table[counted.indices]
        added *= counted.counts[:, None]
        added[:, 3] **= 2
        sums = np.zeros((counted.n_rows, 4))
        if len(filled):
            sums[filled] = np.add.reduceat(added, counted.indptr[filled])
        norm = np.sqrt(sums[:, 3:])
        norm[norm == 0] = 1.0
        result: FloatArray = sums[:, :3] / norm + self.intercepts
        return result

    def predict_proba(self, texts: Iterable[str | None] | pa.Array | pa.ChunkedArray) -> FloatArray:
        """Compute the probability of each stance.

        Parameters
        ----------
        texts : iterable of str, or Arrow array
            The quotes.

        Returns
        -------
        numpy.ndarray, shape (n_texts, 3)
            Columns in the order of `STANCES`, rows summing to 1.
        """
        return softmax(self.scores(as_texts(texts)))

    def predict(
        self,
        quotes: Iterable[str | None] | pa.Array | pa.ChunkedArray | pa.Table | pa.RecordBatch,
        *,
        text_column: str = "text",
        threshold: float | None = None,
        abstain: bool = False,
    ) -> pa.Table:
        """Label quotes.

        Parameters
        ----------
        quotes : iterable of str, Arrow array, or Arrow table
            The quotes, or a table with a column of them.
        text_column : str, default "text"
            The column of the quotes, where a table is given.
        threshold : float, optional
            Probability below which a quote goes to review, in [0, 1]; the model's own
            where not given. A quote without a known term counts as improbable.
        abstain : bool, default False
            Leave `stance` null where the quote goes to review.

        Returns
        -------
        pyarrow.Table
            One row for each quote, in order: the given columns if a table was given, then
            `stance`, `probability`, `accusatory`, `conciliatory`, `neutral`, `review`.

        Raises
        ------
        StanceError
            If the table has no such column, or has a column of the same name as one added.
        TypeError
            If the quotes are no strings.

        Examples
        --------
        >>> load_model().predict(["We thank our partners."])["stance"].to_pylist()
        ['conciliatory']
        """
        if isinstance(quotes, pa.Table | pa.RecordBatch):
            check_columns(quotes.schema.names, text_column)
            table = quotes if isinstance(quotes, pa.Table) else pa.Table.from_batches([quotes])
            labels = self.predict(table.column(text_column), threshold=threshold, abstain=abstain)
            for name in LABEL_COLUMNS:
                table = table.append_column(name, labels[name])
            return table
        scores = self.scores(as_texts(quotes))
        probabilities = softmax(scores)
        top = probabilities.max(axis=1)
        # Where no term is known, the probabilities are those of no words at all.
        known = (scores != self.intercepts).any(axis=1)
        review = top * known < (self.threshold if threshold is None else threshold)
        codes = pa.array(probabilities.argmax(axis=1), mask=review if abstain else None)
        return pa.table(
            {
                "stance": pa.array(STANCES).take(codes),
                "probability": pa.array(top),
                **{stance: pa.array(probabilities[:, i]) for i, stance in enumerate(STANCES)},
                "review": pa.array(review),
            }
        )

    def explain(self, text: str) -> Explanation:
        """Say which words gave a quote its stance.

        Parameters
        ----------
        text : str
            One quote.

        Returns
        -------
        Explanation
            Baseline and contributions, which sum to the scores.

        Examples
        --------
        >>> why = load_model().explain("We thank our partners.")
        >>> why.contributions[0].term, why.text[slice(3, 8)]
        ('<conciliatory 3>', 'thank')
        """
        return next(self.explain_many([text]))

    def explain_many(self, texts: Iterable[str]) -> Iterator[Explanation]:
        """Say of many quotes which words gave each its stance.

        Parameters
        ----------
        texts : iterable of str
            The quotes.

        Yields
        ------
        Explanation
            What `explain` says of each, in order, in a fraction of its time.

        Examples
        --------
        >>> whys = load_model().explain_many(["We thank our partners.", "They lied."])
        >>> [why.stance for why in whys]
        ['conciliatory', 'accusatory']
        """
        remaining = iter(texts)
        while part := list(islice(remaining, _ROWS_EXPLAINED)):
            yield from self._explained(part)

    def _explained(self, texts: list[str]) -> Iterator[Explanation]:
        column = as_texts(texts)
        probabilities = self.predict_proba(column)
        stances = probabilities.argmax(axis=1)
        rows, terms, starts, ends = self._index.occurrences(column.to_pylist())
        idf = self.idf.astype(np.float64)
        keys, counts = np.unique(rows * max(1, len(self.terms)) + terms, return_counts=True)
        text_of, term_of = np.divmod(keys, max(1, len(self.terms)))
        squares = (counts * idf[term_of]) ** 2
        norms = np.sqrt(np.bincount(text_of, weights=squares, minlength=len(texts)))
        norms[norms == 0] = 1.0
        added = (idf[terms] / norms[rows])[:, None] * self.weights[terms].astype(np.float64)
        lead = added[np.arange(len(rows)), stances[rows]] - added.mean(axis=1)
        # The last key leads: by text, strongest for its stance first, else as they were found.
        order = np.lexsort((-lead, rows))
        found = [
            Contribution(self.terms[term], start, end, (a, c, n))
            for term, start, end, (a, c, n) in zip(
                terms[order].tolist(),
                starts[order].tolist(),
                ends[order].tolist(),
                added[order].tolist(),
                strict=True,
            )
        ]
        limits = np.searchsorted(rows, np.arange(len(texts) + 1)).tolist()
        baseline = _triple(self.intercepts)
        for i, text in enumerate(texts):
            yield Explanation(
                text=text,
                stance=STANCES[stances[i]],
                probabilities=_triple(probabilities[i]),
                baseline=baseline,
                contributions=found[limits[i] : limits[i + 1]],
            )

    def narrowed(self, texts: Iterable[str]) -> Model:
        """Leave out terms and cues that cannot occur in some texts.

        Parameters
        ----------
        texts : iterable of str
            The texts.

        Returns
        -------
        Model
            It says the same of these texts, and is faster to get ready for a few of them.
        """
        forms = {word.form for text in texts for word in words(text)}
        chosen = [
            i
            for i, term in enumerate(self.terms)
            if term[0] == "<" or term.partition(" ")[0] in forms
        ]
        return replace(
            self,
            terms=[self.terms[i] for i in chosen],
            idf=self.idf[chosen],
            weights=self.weights[chosen],
            lexicon=self.lexicon.narrowed(forms),
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model as one Parquet table.

        Parameters
        ----------
        path : str or path-like
            Where to. The same model gives the same bytes.
        """
        with whole_file(path) as part:
            Path(part).write_bytes(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Give what `save` writes."""
        metadata = {
            "format": FORMAT_VERSION,
            "intercepts": self.intercepts.tolist(),
            "threshold": self.threshold,
            "classes": self.lexicon.classes,
            **self.card,
        }
        cues = self.lexicon.cues
        none = pa.nulls(len(cues), pa.float32())
        columns = [self.idf, *(np.ascontiguousarray(self.weights[:, i]) for i in range(3))]
        kinds = [f"{cue.stance} {cue.strength}" for cue in cues]
        table = pa.table(
            [
                pa.array([*self.terms, *(cue.phrase for cue in cues)], pa.string()),
                *(pa.concat_arrays([pa.array(column), none]) for column in columns),
                pa.array([*[None] * len(self.terms), *kinds], pa.string()),
            ],
            schema=_SCHEMA.with_metadata(
                {_METADATA_KEY: json.dumps(metadata, sort_keys=True, ensure_ascii=False)}
            ),
        )
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, compression="zstd", compression_level=19)
        content: bytes = sink.getvalue().to_pybytes()
        return content

    @classmethod
    def load(cls, path: str | PathLike[str], *, trust: bool = False) -> Model:
        """Read a model file.

        Parameters
        ----------
        path : str or path-like
            What `save` wrote, or, with `trust`, what `stance export` wrote.
        trust : bool, default False
            Allow a ``.joblib`` file, which can run any code when it is loaded.

        Returns
        -------
        Model
            The model.

        Raises
        ------
        StanceError
            If the file is missing, no stance model, damaged, or needs `trust`.
        """
        if not Path(path).is_file():
            raise StanceError("no such model file", path=path, usage=True)
        if Path(path).suffix in {".joblib", ".pkl", ".pickle"}:
            if not trust:
                raise StanceError(
                    "such a file can run any code when it is loaded; "
                    "add --trust if you made it yourself, or use a .parquet model",
                    path=path,
                    usage=True,
                )
            return _load_pipeline(path)
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowException) as error:
            raise StanceError(
                "is no model file; a model is a .parquet table that `stance train` wrote",
                path=path,
            ) from error
        return _from_table(table, path)

    def to_pipeline(self) -> Any:
        """Give an equal scikit-learn pipeline.

        Returns
        -------
        sklearn.pipeline.Pipeline
            ``CountVectorizer``, ``TfidfTransformer`` and ``LogisticRegression``, fitted. Its
            first step calls this package's analyser, so the package must be installed where
            it is used.
        """
        from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import Pipeline

        plain = [term for term in self.terms if not term.startswith("<")]
        longest = max((term.count(" ") + 1 for term in plain), default=1)
        counts = CountVectorizer(
            analyzer=Analyser(longest, self.lexicon),
            vocabulary={term: i for i, term in enumerate(self.terms)},
            dtype=np.float64,
        )
        tfidf = TfidfTransformer()
        tfidf.idf_ = self.idf.astype(np.float64)
        classify = LogisticRegression()
        classify.classes_ = np.array(STANCES)
        classify.coef_ = self.weights.T.astype(np.float64)
        classify.intercept_ = self.intercepts.copy()
        classify.n_features_in_ = len(self.terms)
        pipeline = Pipeline([("counts", counts), ("tfidf", tfidf), ("classify", classify)])
        pipeline.stance_ = {"threshold": self.threshold, "card": self.card}
        return pipeline


def export_pipeline(model: Model, path: str | PathLike[str]) -> None:
    """Write a model as a scikit-learn pipeline, by joblib.

    Parameters
    ----------
    model : Model
        The model.
    path : str or path-like
        Where to; must end in ``.joblib``.

    Raises
    ------
    StanceError
        If the name ends otherwise, or the place cannot be written to.
    """
    import joblib

    if Path(path).suffix != ".joblib":
        raise StanceError("a pipeline's name must end in .joblib", path=path, usage=True)
    with whole_file(path) as part:
        joblib.dump(model.to_pipeline(), part)


def check_columns(names: Sequence[str], text_column: str) -> None:
    """Refuse a table without the column of quotes, or with a column of a name to be added.

    Raises
    ------
    StanceError
        That names the column.
    """
    if text_column not in names:
        raise StanceError(f'no column "{text_column}"; there are: {", ".join(names)}', usage=True)
    clash = [name for name in LABEL_COLUMNS if name in names]
    if clash:
        raise StanceError(f'a column "{clash[0]}" is there already; rename it', usage=True)


def _parts(texts: pa.StringArray) -> Iterator[tuple[int, pa.StringArray]]:
    """Cut a column into parts of equal size, as far as may be."""
    n = max(1, -(-len(texts) // _ROWS_AT_A_TIME))
    size = max(1, -(-len(texts) // n))
    for start in range(0, len(texts), size):
        yield start, texts.slice(start, size)


def softmax(scores: FloatArray) -> FloatArray:
    """Turn scores into probabilities along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: FloatArray = powers / powers.sum(axis=-1, keepdims=True)
    return result


def _triple(values: FloatArray) -> tuple[float, float, float]:
    a, c, n = (float(value) for value in values)
    return a, c, n


def _from_table(table: pa.Table, path: str | PathLike[str]) -> Model:
    stored = (table.schema.metadata or {}).get(_METADATA_KEY)
    if stored is None or not table.schema.equals(_SCHEMA):
        raise StanceError("is a Parquet table, but no stance model", path=path)
    try:
        card = json.loads(stored)
        version = card.pop("format")
        intercepts = np.array(card.pop("intercepts"), dtype=np.float64)
        threshold = float(card.pop("threshold"))
        classes = dict(card.pop("classes"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StanceError("is a damaged model: its metadata cannot be read", path=path) from error
    if version != FORMAT_VERSION:
        raise StanceError(
            f"has model format {version}, this version reads {FORMAT_VERSION}; "
            "upgrade diplomatic-stance or train it anew",
            path=path,
        )
    features = table.filter(pc.is_null(table.column("cue")))
    columns = [features.column(i).to_numpy() for i in range(1, 5)]
    sound = intercepts.shape == (3,) and not any(features.column(i).null_count for i in range(5))
    if not sound or not all(np.isfinite(c).all() for c in (*columns, intercepts, [threshold])):
        raise StanceError("is a damaged model: a weight is missing or not finite", path=path)
    return Model(
        terms=features.column("term").to_pylist(),
        idf=columns[0],
        weights=np.stack(columns[1:], axis=1),
        intercepts=intercepts,
        threshold=threshold,
        card=card,
        lexicon=Lexicon(_cues(table.filter(pc.is_valid(table.column("cue"))), path), classes),
    )


def _cues(table: pa.Table, path: str | PathLike[str]) -> list[Cue]:
    kinds = {
        f"{stance} {strength}": (stance, strength) for stance in STANCES for strength in STRENGTHS
    }
    try:
        return [
            Cue(phrase, *kinds[kind])
            for phrase, kind in zip(
                table.column("term").to_pylist(), table.column("cue").to_pylist(), strict=True
            )
        ]
    except KeyError as error:
        raise StanceError("is a damaged model: a cue is of no known kind", path=path) from error


def _load_pipeline(path: str | PathLike[str]) -> Model:
    import joblib

    try:
        pipeline = joblib.load(path)
        vectoriser, tfidf, classify = (step for _, step in pipeline.steps)
        return Model(
            terms=sorted(vectoriser.vocabulary, key=vectoriser.vocabulary.__getitem__),
            idf=tfidf.idf_.astype(np.float32),
            weights=np.ascontiguousarray(classify.coef_.T.astype(np.float32)),
            intercepts=classify.intercept_.astype(np.float64),
            threshold=float(pipeline.stance_["threshold"]),
            card=pipeline.stance_["card"],
            lexicon=vectoriser.analyzer.lexicon,
        )
    # A foreign pickle can fail in any way at all.
    except Exception as error:
        raise StanceError(
            "is no pipeline that `stance export` wrote with these library versions", path=path
        ) from error


def load_model(path: str | PathLike[str] | None = None, *, trust: bool = False) -> Model:
    """Load a model; without a path, the one that comes with the package.

    Parameters
    ----------
    path : str or path-like, optional
        A model file.
    trust : bool, default False
        Allow a ``.joblib`` file, which can run any code when it is loaded.

    Returns
    -------
    Model
        The model.

    Examples
    --------
    >>> sorted(load_model().card)
    ['analyser', 'calibration', 'scores', 'training', 'versions']
    """
    if path is not None:
        return Model.load(path, trust=trust)
    with as_file(files("stance") / "shipped" / "model.parquet") as shipped:
        return Model.load(shipped)
