"""From an article to who said what: quotations with their speakers, by rules.

`quotemarks` finds what stands between marks; `notspeech` tells names and titles from speech.
`sentences` and `phrases` read the words around them; `clauses` finds the reporting clause behind
a quotation, `governing` the one before it. `people` and `roles` know names and descriptions,
`speakers` and `references` whom a phrase or a pronoun means. `reporting` and `names` hold the word
lists; `indirect` finds statements without marks; `extraction` puts the quotations together, and
`drafts` gives those without a name the one that comes later.
"""

from stance.article.drafts import LeftOut
from stance.article.extraction import Extraction, Quotation, extract

__all__ = ["Extraction", "LeftOut", "Quotation", "extract"]
