"""From an article to who said what: quotations with their speakers, by rules.

`quotemarks` finds what stands between marks; `notspeech` tells names and titles from speech;
`sentences`, `phrases` and `clauses` find the reporting clauses; `people` and `speakers` know
who is who; `reporting` holds the word lists; `indirect` finds statements without marks;
`extraction` puts the quotations together.
"""

from stance.article.extraction import Extraction, LeftOut, Quotation, extract

__all__ = ["Extraction", "LeftOut", "Quotation", "extract"]
