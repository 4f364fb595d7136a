"""Make the shipped lexicon from the files of data/lexicon.

Run ``make lexicon``. Where files disagree on a phrase, the later file, by name, decides.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stance.lexicon import Cue, read_cues

HERE = Path(__file__).parent
OUTPUT = HERE.parent / "stance" / "shipped" / "lexicon.parquet"


def main() -> None:
    """Write stance/shipped/lexicon.parquet."""
    cues: dict[str, Cue] = {}
    for path in sorted((HERE / "lexicon").glob("*.csv")):
        cues |= {cue.phrase: cue for cue in read_cues(path)}
    ordered = [cues[phrase] for phrase in sorted(cues)]
    table = pa.table(
        {
            "phrase": pa.array([cue.phrase for cue in ordered], pa.string()),
            "stance": pa.array([cue.stance for cue in ordered], pa.string()),
            "strength": pa.array([cue.strength for cue in ordered], pa.int8()),
        }
    )
    pq.write_table(table, OUTPUT, compression="zstd", compression_level=19)
    print(f"{len(ordered):,} entries -> {OUTPUT}")


if __name__ == "__main__":
    main()
