"""Count which words keep the same company, in labelled and unlabelled quotes.

Run ``make vectors``, where the texts are at hand. It writes stance/shipped/vectors.parquet.
Positive pointwise mutual information of words at most four apart, reduced by a singular value
decomposition; the choices are those of Levy, Goldberg and Dagan, "Improving Distributional
Similarity with Lessons Learned from Word Embeddings" (TACL 2015): contexts smoothed by the
power of .75, singular values by that of .5.
"""

import csv
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stance.text import text_hash, tokenise

OUTPUT = Path(__file__).parent.parent / "stance" / "shipped" / "vectors.parquet"

LEAST_OFTEN = 5
REACH = 4
N_DIMENSIONS = 100
SMOOTHING = 0.75


def read_texts(paths: tuple[Path, ...]) -> list[str]:
    """Give the texts of CSV files, each once, in an order that the files' order does not change."""
    texts: dict[str, str] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                texts.setdefault(text_hash(row["text"]), row["text"])
    return [texts[name] for name in sorted(texts)]


def company(texts: list[str]) -> tuple[list[str], Any]:
    """Count how often each word stands near each other word."""
    from scipy.sparse import csr_matrix

    tokens = tokenise(pa.array(texts, pa.string()))
    counted = pc.value_counts(tokens.forms)
    often = counted.filter(pc.greater_equal(counted.field("counts"), LEAST_OFTEN))
    words = sorted(often.field("values").to_pylist())
    numbers = pc.fill_null(pc.index_in(tokens.forms, pa.array(words)), -1).to_numpy()
    n = len(words)
    counts = csr_matrix((n, n))
    for apart in range(1, REACH + 1):
        left, right = numbers[:-apart], numbers[apart:]
        near = (tokens.rows[:-apart] == tokens.rows[apart:]) & (left >= 0) & (right >= 0)
        counts += csr_matrix((np.ones(int(near.sum())), (left[near], right[near])), shape=(n, n))
    return words, counts + counts.T


def directions(counts: Any) -> npt.NDArray[np.int8]:
    """Reduce the counts to a vector for each word."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.linalg import svds
    from threadpoolctl import threadpool_limits

    total = np.asarray(counts.sum(axis=1)).ravel()
    context = total**SMOOTHING
    context /= context.sum()
    pairs = counts.tocoo()
    information = np.log(pairs.data / total[pairs.row] / context[pairs.col])
    more = information > 0
    matrix = csr_matrix((information[more], (pairs.row[more], pairs.col[more])), shape=counts.shape)
    with threadpool_limits(limits=1):
        left, sizes, _ = svds(matrix, k=N_DIMENSIONS, v0=np.ones(matrix.shape[0]))
    left = left[:, ::-1] * np.sqrt(sizes[::-1])
    # The sign of a singular vector is arbitrary.
    left *= np.sign(left[np.abs(left).argmax(axis=0), np.arange(N_DIMENSIONS)])
    left /= np.sqrt((left * left).sum(axis=1, keepdims=True)) + 1e-12
    values: npt.NDArray[np.int8] = np.round(left * (127 / np.abs(left).max())).astype(np.int8)
    return values


@click.command()
@click.argument("texts", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), default=OUTPUT, show_default=True)
def main(texts: tuple[Path, ...], output: Path) -> None:
    """Write the vectors of the words in the files of TEXTS."""
    words, counts = company(read_texts(texts))
    values = directions(counts)
    table = pa.table(
        {
            "word": pa.array(words, pa.string()),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), N_DIMENSIONS),
        }
    )
    pq.write_table(table, output, compression="zstd", compression_level=19)
    print(f"{len(words):,} words -> {output}")


if __name__ == "__main__":
    main()
