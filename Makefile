# `make` alone lists what there is.
PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
TEXTS ?= ../shared/corpus
SHIPPED = stance/shipped

.PHONY: help demo test test-engines check bench lexicon vectors corpus model examples readme notebooks pictures clean
help:
	@echo "make demo      label the examples and show the table"
	@echo "make test      run the whole test suite"
	@echo "make test-engines  the tests with Spark, Ray and DuckDB, in .venv-engines"
	@echo "make check     ruff, mypy and the documents"
	@echo "make bench     measure the speed beside other ways; takes half an hour"
	@echo "make model     refit the shipped model from the shipped training set"
	@echo "make corpus    rebuild that training set, where the texts are at hand (TEXTS=folder)"
	@echo "make vectors   count the word vectors anew, where the texts are at hand; then corpus, model"
	@echo "make lexicon   remake the shipped lexicon from data/lexicon; then corpus, model"
	@echo "make examples  rewrite the files in data/examples"
	@echo "make readme    rewrite the outputs shown in README.md"
	@echo "make notebooks run the notebooks, and rewrite the outputs they show"
	@echo "make pictures  remake the pictures of README.md, where there is a chromium"
	@echo "make clean     remove .venv and caches"

# Made anew whenever the project's metadata change.
$(VENV)/done: setup.cfg pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try: make demo PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[audit,html,notebooks,report,test,check]'
	touch $@

demo: $(VENV)/done
	@$(BIN)/stance predict data/examples/aleppo_2016.csv --table

test: $(VENV)/done
	$(BIN)/python -m pytest --quiet

test-engines:
	@tests/engines/run $(PYTHON)

check: $(VENV)/done
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/python -m pytest --quiet tests/test_readme.py stance

bench: $(VENV)/done
	$(BIN)/python -m pip install --quiet -r benchmarks/requirements-speed.txt
	$(BIN)/python benchmarks/speed.py

lexicon: $(VENV)/done
	$(BIN)/python data/build_lexicon.py

vectors: $(VENV)/done
	$(BIN)/python data/build_vectors.py $(TEXTS)/quotes.csv $(TEXTS)/unlabelled.csv

corpus: $(VENV)/done
	$(BIN)/python data/build_corpus.py $(TEXTS)/quotes.csv $(TEXTS)/unlabelled.csv

model: $(VENV)/done
	$(BIN)/stance train $(SHIPPED)/training.parquet --output $(SHIPPED)/model.parquet

examples: $(VENV)/done
	$(BIN)/python data/build_examples.py

readme: $(VENV)/done
	$(BIN)/python tests/readme.py

notebooks: $(VENV)/done
	$(BIN)/python tests/run_notebooks.py

pictures: $(VENV)/done
	$(BIN)/python tests/pictures.py

clean:
	rm -rf $(VENV) .venv-engines .mypy_cache .pytest_cache .ruff_cache .hypothesis
