# Thin: each target is one or two plain commands. Needs Python 3.11.5 or newer, pip and make; nothing else.

PYTHON ?= python3
ADDRESS ?= 127.0.0.1:8000
# Of everything that is installed; /dev/null is the newest allowed.
VERSIONS ?= requirements.txt
BIN := .venv/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --omit-lockfile-registry-resolved --no-audit --no-fund --loglevel=error
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(VERSIONS)

# A build that came to its end leaves a mark, and the next one takes it away before it begins, also one that waited for the first.
# Where nothing is newer than the mark, folders among it (a file that went makes its folder newer), `make site` has nothing to do.
SOURCES := $(shell find docs snippets tests mkdocs.yml -not -path '*/__pycache__*')
CACHE := $(or $(NOTE_CACHE),.cache)
WHOLE := $(CACHE)/site$(subst :,_,$(subst /,_,$(SITE_URL))).whole
ifeq ($(wildcard site/index.html),)
.PHONY: $(WHOLE)
endif

.PHONY: install serve site pdf offline pictures figures test page todo bench faults mutants reproduce zensical audit links kept clean

serve: .venv/docs  ## read the note at home; what you edit shows up in the browser
	$(MKDOCS) serve --no-strict --dev-addr $(ADDRESS)

site: $(WHOLE)  ## build the note into site/
	@echo "site/ is whole and of the files as they are now; it is reused until one of them changes"

$(WHOLE): .venv/docs $(SOURCES)
	$(MKDOCS) build --strict
	@! test -f $(CACHE)/site.built || mv $(CACHE)/site.built $@

pdf: .venv/test site  ## print the whole note, with page numbers, into site/the-note.pdf
	$(BIN)/python -m tests.site.paper

install: .venv/docs  ## what the site needs; every target that needs it calls it

offline: site  ## the site as one archive to unpack and read without a server, site/the-note.zip
	$(BIN)/python -m snippets.site.offline

pictures: .venv/test site  ## take again the ten views of the note that README shows
	$(BIN)/python -m tests.site.screenshots docs/assets/note.webp

figures: .venv/docs  ## run the experiments and draw the figures whose code has changed
	$(BIN)/python -m snippets.figures

test: .venv/test  ## prove every line of it
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports
	$(BIN)/python -m snippets.figures
	$(BIN)/python -m tests.mutants --changed
	$(BIN)/python -m tests.page_kills
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --cov --cov-report=term:skip-covered --durations=10
	@$(MAKE) --no-print-directory reader

reader: .venv/test site  ## what a reader gets: weights, requests, Lighthouse, and what the last tests saw in all pages; each with its limit
	$(BIN)/python -m tests.bench.pages

page: .venv/docs  ## make page NAME=softmax: the files of a new topic
	$(BIN)/python -m snippets.site.new_page $(NAME)

todo: .venv/docs  ## make todo NAME=softmax: what of a new topic is still the sample's; fails as long as something is
	$(BIN)/python -m snippets.site.new_page --todo $(NAME)

kept: .venv/test  ## with TensorFlow: make again what is committed of its results, then look at the pages that show it
	$(BIN)/python -m snippets.experiments._tensorflow
	$(BIN)/python -m snippets.site.notebooks

bench: .venv/test site  ## how fast all this is beside others, with its limits; `.venv/bin/python -m tests.bench training` for one part
	$(BIN)/python -m tests.bench

faults: .venv/test  ## put every fault of the table into a copy of a small note: is each caught, with its file and line?
	$(BIN)/python -m pytest --quiet --numprocesses=auto --no-header tests/site/test_faults.py

mutants: .venv/test  ## change one thing at a time in every snippet: do the tests notice?
	$(BIN)/python -m tests.mutants

reproduce: .venv/test  ## build two copies from nothing, with all experiments, as differently as can be: the same bytes?
	REPRODUCE=1 $(BIN)/python -m pytest --quiet --no-header tests/site/test_same_bytes.py

zensical: .venv/test  ## the same pages built by Zensical, into site-zensical/
	$(BIN)/python -m snippets.figures
	$(BIN)/python -m snippets.site.zensical site-zensical

audit: .venv/docs  ## is a pinned version known to be unsafe? Fails where that cannot be found out
	$(PIP) pip-audit
	$(BIN)/pip-audit --strict --no-deps --disable-pip --requirement requirements.txt

links: site  ## do the links to other sites still lead somewhere? Never part of the build
	$(PIP) linkchecker
	$(BIN)/linkchecker --check-extern --no-status site/index.html

oldest.txt: pyproject.toml  ## the oldest versions that pyproject.toml allows
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --no-annotate --python $(BIN)/python --resolution lowest-direct --all-extras $< --output-file $@

clean:  ## forget everything that was made
	rm -rf .venv .cache site site-zensical node_modules *.egg-info .coverage .hypothesis .pytest_cache .ruff_cache .import_linter_cache oldest.txt

# What is installed is remembered by these two files; a second run installs nothing.

.venv/docs: pyproject.toml requirements.txt package.json package-lock.json
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --editable '.[docs]'
	$(NPM) --omit=dev
	touch $@

.venv/test: .venv/docs
	$(PIP) --editable '.[docs,test,frameworks]'
	$(NPM)
	touch $@
