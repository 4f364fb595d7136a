"""From a user's annotations to a version of the model, if the gate lets it pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from stance import store
from stance.annotations import Imported, consensus, import_annotations
from stance.candidates import fit_joined, fit_own
from stance.codebook import STANCES
from stance.corpus import Corpus, join, load_heldout, load_shipped_corpus, select
from stance.errors import StanceError
from stance.gate import (
    HELD_OUT,
    LEAST_KAPPA,
    LEAST_OWN_KAPPA,
    OWN_FIFTH,
    Condition,
    check_round,
    compare,
    probabilities_on,
    verdict,
)
from stance.model import Model
from stance.rounds import (
    Quote,
    merge,
    near_heldout,
    not_yet_known,
    quotes_in,
    quotes_of,
    quotes_table,
)

FEWEST_QUOTES: Final = 30


@dataclass(frozen=True)
class Proposal:
    """A candidate, and what the gate says of it.

    Attributes
    ----------
    model : Model or None
        The candidate; None where the round was refused before a fit.
    conditions : list of Condition
        Everything the gate looked at.
    quotes : list of Quote
        The user's quotes, all rounds, each with the part it plays.
    settings : dict of str to float
        What cross-validation chose, as `stance.candidates.Candidate` has it; empty before a fit.
    new : int
        How many quotes came with this round.
    """

    model: Model | None
    conditions: list[Condition]
    quotes: list[Quote]
    settings: dict[str, float]
    new: int

    @property
    def refusal(self) -> str:
        """The conditions that failed, in one line; empty where none did."""
        return verdict(self.conditions)

    def count(self, part: str) -> int:
        """Tell how many of the user's quotes play a part."""
        return sum(quote.part == part for quote in self.quotes)


def propose(
    new: Sequence[Quote],
    earlier: Sequence[Quote],
    current: Model,
    *,
    shipped: Model,
    base: Corpus,
    heldout: Corpus,
    own_codebook: bool = False,
    force: bool = False,
    random_state: int = 0,
    on_stage: Callable[[str], None] = lambda stage: None,
) -> Proposal:
    """Fit a candidate on new and earlier quotes, and take it to the gate.

    Parameters
    ----------
    new : sequence of Quote
        The new round, distinct by hash.
    earlier : sequence of Quote
        What the current model was made of.
    current : Model
        The model to be replaced.
    shipped : Model
        The shipped model, fitted on `base`.
    base : Corpus
        The shipped training set.
    heldout : Corpus
        The shipped held-out set.
    own_codebook : bool, default False
        The user's labels follow another codebook: theirs alone are fitted and measured.
    force : bool, default False
        Go on to fit where the labels of the round look wrong.
    random_state : int, default 0
        Seed of folds and bootstrap.
    on_stage : callable, optional
        Told the name of each stage as it begins.

    Returns
    -------
    Proposal
        The same for the same quotes, whatever their order.

    Raises
    ------
    StanceError
        If there are too few quotes.
    """
    on_stage("merging with earlier rounds")
    quotes = merge(
        new, earlier, near=near_heldout(new, heldout), seen=frozenset(base.hashes) - {""}
    )
    train = [quote for quote in quotes if quote.part == "training"]
    held = [quote for quote in quotes if quote.part == "heldout"]
    if len(train) + len(held) < FEWEST_QUOTES:
        raise StanceError(
            f"only {len(train) + len(held)} quotes can be used; retraining needs at least "
            f"{FEWEST_QUOTES}"
        )
    conditions: list[Condition] = []
    if not own_codebook:
        on_stage("checking the labels")
        labels = np.array([STANCES.index(quote.stance) for quote in new], dtype=np.int64)
        told = current.predict_proba([quote.text for quote in new]).argmax(axis=1)
        conditions += check_round(labels, told, least_kappa=LEAST_KAPPA)
        if verdict(conditions) and not force:
            return Proposal(None, conditions, quotes, {}, len(new))
    corpus = join(
        base,
        [quote.text for quote in train],
        [quote.stance for quote in train],
        [f"user {quote.group}" for quote in train],
    )
    own = np.arange(len(corpus)) >= len(corpus) - len(train)
    if own_codebook:
        candidate = fit_own(
            select(corpus, own), shipped, random_state=random_state, on_stage=on_stage
        )
        conditions += check_round(corpus.y[own], candidate.predicted, least_kappa=LEAST_OWN_KAPPA)
    else:
        C = float(shipped.card["training"]["C"])
        candidate = fit_joined(corpus, own, C=C, random_state=random_state, on_stage=on_stage)
    model = candidate.model
    on_stage("comparing with the current model")
    if not own_codebook:
        conditions += compare(
            heldout.y,
            *(probabilities_on(m, heldout) for m in (current, model)),
            where=HELD_OUT,
            random_state=random_state,
        )
    texts = [quote.text for quote in held]
    conditions += compare(
        np.array([STANCES.index(quote.stance) for quote in held], dtype=np.int64),
        *(m.predict_proba(texts) for m in (current, model)),
        where=OWN_FIFTH,
        random_state=random_state,
    )
    return Proposal(model, conditions, quotes, candidate.settings, len(new))


@dataclass(frozen=True)
class Retrained:
    """What came of a retraining.

    Attributes
    ----------
    proposal : Proposal or None
        The candidate and the gate; None where every quote came before with the same stance.
    version : int or None
        The version published; None where it was refused or only tried.
    ties : int
        Quotes left out because their annotators disagree.
    imported : Imported
        The annotations, and what was left out of them.
    """

    proposal: Proposal | None
    version: int | None
    ties: int
    imported: Imported

    @property
    def exit_code(self) -> int:
        """3 where the gate refused and was not overruled, else 0."""
        refused = self.version is None and self.proposal and self.proposal.refusal
        return 3 if refused else 0


def retrain(
    paths: Sequence[str],
    *,
    own_codebook: bool = False,
    dry_run: bool = False,
    force: bool = False,
    random_state: int = 0,
    on_stage: Callable[[str], None] = lambda stage: None,
    **reading: Any,
) -> Retrained:
    """Make a new version of the current model from annotations.

    Parameters
    ----------
    paths : sequence of str
        Exports of annotation tools, or tables; their order does not matter.
    own_codebook : bool, default False
        As for `propose`; kept by the versions made from such a one.
    dry_run : bool, default False
        Stop before publishing.
    force : bool, default False
        Publish what the gate refuses; the refusal is on record.
    random_state, on_stage
        As for `propose`.
    **reading
        As for `stance.annotations.import_annotations`.

    Returns
    -------
    Retrained
        With the number of the version, where one was published.

    Raises
    ------
    StanceError
        If the annotations cannot be used or the store cannot be written to; the current
        model stays.
    """
    on_stage("reading annotations")
    imported = import_annotations(paths, **reading)
    merged = consensus(imported.annotations)
    ties = len(merged.ties)
    with store.locked(on_wait=lambda: on_stage("waiting for another retraining")):
        number = store.current_number()
        now = store.version(number)
        was_own = bool(now.record.get("own_codebook"))
        own_codebook = own_codebook or was_own
        earlier = quotes_of(store.annotations_of(number))
        new = not_yet_known(quotes_in(merged), earlier)
        if not new and own_codebook == was_own:
            return Retrained(None, None, ties, imported)
        proposal = propose(
            new,
            earlier,
            store.load_version(number),
            shipped=store.load_version(store.SHIPPED),
            base=load_shipped_corpus(),
            heldout=load_heldout(),
            own_codebook=own_codebook,
            force=force,
            random_state=random_state,
            on_stage=on_stage,
        )
        if dry_run or proposal.model is None or (proposal.refusal and not force):
            return Retrained(proposal, None, ties, imported)
        on_stage("publishing")
        card = proposal.model.card
        record = {
            "own_codebook": own_codebook,
            "settings": proposal.settings,
            "training": card["training"],
            "scores": card["scores"],
            "annotations": {
                part: proposal.count(part)
                for part in ("training", "heldout", "left out", "superseded")
            },
            "gate": [vars(condition) for condition in proposal.conditions],
            "refused": proposal.refusal,
        }
        published = store.publish(proposal.model, record, quotes_table(proposal.quotes))
    return Retrained(proposal, published, ties, imported)
