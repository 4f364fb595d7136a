"""Commands that make and measure models: train, evaluate, export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stance.cli import options
from stance.cli.base import chosen_model, examples, results_console, say
from stance.cli.group import stance
from stance.cli.options import Probability
from stance.errors import StanceError

if TYPE_CHECKING:
    from stance.corpus import Corpus


@stance.command(
    epilog=examples(
        "stance train annotations.csv --output model.parquet",
        "stance train round-1.csv round-2.xlsx --output model.parquet --jobs 2",
    )
)
@click.argument("annotations", nargs=-1, required=True, metavar="ANNOTATIONS...")
@click.option("--output", "-o", required=True, metavar="FILE", help="Where to write the model.")
@options.annotation_reading
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the folds.")
@options.jobs
@options.quiet
def train(
    annotations: tuple[str, ...],
    output: str,
    reading: dict[str, Any],
    seed: int,
    jobs: int | None,
    quiet: bool,
) -> None:
    """Train a model on annotated quotes, and print how good it is.

    ANNOTATIONS are exports of Label Studio, doccano, Prodigy or Argilla, or tables with a column
    of stances (and, better, one called speaker: scores then come from speakers the model has
    not seen), or one analysed training set. Of several annotations of a quote the majority
    counts; where there is none, the quote is left out. The same annotations and seed give the
    same bytes.
    """
    from stance.files import refuse_overwriting
    from stance.terminal import scores_table
    from stance.training import fit, load_training

    if not output.endswith(".parquet"):
        raise StanceError(
            "a model is a Parquet table; end its name with .parquet", path=output, usage=True
        )
    refuse_overwriting(annotations, [output])
    corpus, skipped = load_training(
        annotations,
        **reading,
    )

    tell = (lambda message: None) if quiet else say
    for problem in skipped:
        tell(f"left out: {problem}")
    fitted = fit(
        corpus, random_state=seed, n_jobs=jobs, on_stage=lambda stage: tell(f"{stage} ...")
    )
    fitted.model.save(output)
    results_console().print(scores_table(fitted.scores))
    tell(
        f"These are scores of out-of-fold predictions on {fitted.scores.n:,} of "
        f"{len(corpus):,} quotes, {_grouping(corpus)}; C = {fitted.C:g}. "
        f"The model is in {output}."
    )


def _grouping(corpus: Corpus) -> str:
    if len(set(corpus.groups)) < len(corpus):
        return "grouped by speaker"
    return "not grouped by speaker, because none is known twice"


@stance.command(
    epilog=examples(
        "stance evaluate annotated.csv",
        "stance evaluate annotated.csv --model model.parquet --stance-column label",
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@options.annotation_reading
@click.option(
    "--threshold",
    type=Probability(0, 1),
    metavar="P",
    help="Probability below which a quote goes to review.  [default: the model's]",
)
@options.model
@options.trust
def evaluate(
    files: tuple[str, ...],
    reading: dict[str, Any],
    threshold: float | None,
    model_path: str | None,
    trust: bool,
) -> None:
    """Score a model on annotated quotes that it was not trained on.

    FILEs are exports of Label Studio, doccano, Prodigy or Argilla, or tables with a column of
    stances. Of several annotations of a quote the majority counts.
    """
    from stance.annotations import read_annotations
    from stance.evaluation import score
    from stance.terminal import scores_table

    model = chosen_model(model_path, trust)
    annotated = read_annotations(
        files,
        **reading,
    )
    for problem in annotated.skipped:
        say(f"left out: {problem}")
    scores = score(
        annotated.stances,
        model.predict_proba(annotated.texts),
        threshold=model.threshold if threshold is None else threshold,
    )
    results_console().print(scores_table(scores))


@stance.command(
    epilog=examples(
        "stance export model.joblib",
        "stance export mine.joblib --model mine.parquet",
    )
)
@click.argument("output", metavar="FILE.joblib")
@options.model
def export(output: str, model_path: str | None) -> None:
    """Write a model as a scikit-learn Pipeline.

    It gives the same probabilities. Load it with joblib.load, where this package is
    installed; --model takes it with --trust.
    """
    from stance.model import export_pipeline

    export_pipeline(chosen_model(model_path, trust=False), output)
