from __future__ import annotations

import pytest

from stance import STANCES, StanceError
from stance.codebook import DEFINITIONS, match_stance


def test_the_order_is_fixed() -> None:
    assert STANCES == ("accusatory", "conciliatory", "neutral")
    assert tuple(DEFINITIONS) == STANCES


@pytest.mark.parametrize("stance", STANCES)
@pytest.mark.parametrize("spelt", ["{}", " {}\t", "\n{}\u00a0"])
def test_case_and_outer_spaces_do_not_matter(stance: str, spelt: str) -> None:
    assert match_stance(spelt.format(stance)) == stance
    assert match_stance(spelt.format(stance.upper())) == stance
    assert match_stance(spelt.format(stance.title())) == stance


@pytest.mark.parametrize("label", ["", " ", "accuse", "neutral.", "neutral neutral", "0", "None"])
def test_other_labels_are_refused(label: str) -> None:
    with pytest.raises(StanceError) as raised:
        match_stance(label)
    assert str(raised.value) == (f'unknown stance "{label}"; use accusatory, conciliatory, neutral')
    assert raised.value.exit_code == 1
