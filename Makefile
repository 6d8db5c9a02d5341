# Everything is set up in .venv from requirements/*.txt, whose versions and hashes are pinned. `make help` lists targets.
.PHONY: site serve preview check links dead-links test quick lint lint-types lint-style lint-workflows lint-javascript docs renderers bench lock help clean
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

site: $(VENV)/site.stamp  ## Check all posts and data, and build the site into site/
	$(BIN)/mkdocs build --strict

serve: $(VENV)/site.stamp  ## Show the site with drafts, and build again when something is edited
	$(BIN)/mkdocs serve --livereload

preview: $(VENV)/site.stamp  ## Build the site with drafts into preview/, to be opened from disk: preview/index.html
	COURSEHUB_DRAFTS=1 COURSEHUB_PREVIEW=true $(BIN)/mkdocs build --strict --site-dir preview

check: $(VENV)/site.stamp  ## Check all posts and data
	$(BIN)/coursehub check

links: site  ## Check the links within the built site
	$(BIN)/coursehub links check site

# The site is built without marks here, so that what is marked is asked for again.
dead-links: export COURSEHUB_DEAD_LINKS :=
dead-links: site  ## Follow all links, to other sites too, and keep the record and a report in build/links/
	$(BIN)/coursehub links follow site --folder build/links --date "$$(date -u +%F)"

# Tests are compiled once and not by each process of each run, also where Python is not to keep what it compiles.
test quick: export PYTHONDONTWRITEBYTECODE :=
# They write thousands of small files, many times as fast in memory: where that is a folder with room for them, there.
test quick: export TMPDIR := $(or $(shell df -Pk /dev/shm 2> /dev/null | awk 'NR > 1 && $$4 > 4000000 { print $$6 }'),$(TMPDIR),/tmp)
test: $(VENV)/dev.stamp  ## Check the code as lint does, and run all tests: minutes
	@$(BIN)/python tests/browsers.py
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n auto --dist worksteal

quick: $(VENV)/dev.stamp  ## Run the tests that need no browser, no built site and no stand-in for GitHub: seconds
	$(BIN)/pytest -n auto -m "not slow"

# Side by side, and each to its end, so that one run shows all; older makes can't hold what each prints together.
lint: $(VENV)/dev.stamp  ## Check the code and the workflows
	@$(MAKE) --no-print-directory --keep-going --jobs=4 $(if $(filter output-sync,$(.FEATURES)),--output-sync) \
	  lint-types lint-workflows lint-style lint-javascript

lint-types:
	$(BIN)/mypy

lint-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-workflows:
	$(BIN)/zizmor --persona pedantic --offline --no-progress --strict-collection --quiet .
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/actionlint -shellcheck $(BIN)/shellcheck

# Browsers get the site's scripts as they are: what npm installs checks them, or has GitHub's recordings for tests, and is
# no part of the site.
ifneq ($(shell command -v npm 2> /dev/null),)
lint-javascript: node_modules/.stamp
	@if [ -e $< ]; then set -x; node_modules/.bin/tsc && node_modules/.bin/biome lint --error-on-warnings; fi

node_modules/.stamp: package.json package-lock.json
	@rm -f $@
	@if npm ci --silent; then touch $@; else \
	  echo "JavaScript is not checked, since npm could not install what checks it (see package.json)."; test -z "$$CI"; fi
else
lint-javascript:
	@echo "JavaScript is not checked, since this machine has no npm (on Debian and Ubuntu: apt install npm)."
	@test -z "$$CI"
endif

docs: $(VENV)/dev.stamp  ## Write what is made of code: the house in CONTRIBUTING.md, and which texts init wrote
	$(BIN)/python tools/house.py
	$(BIN)/python tools/written.py

# What could replace MkDocs and Material is in an environment of its own: MaterialX's files have the places of Material's.
renderers: export PYTHONDONTWRITEBYTECODE :=
renderers: $(VENV)/dev.stamp  ## Build the site with ProperDocs, MaterialX and Zensical, too, and compare every page
	@$(MAKE) --no-print-directory VENV=$(VENV)/renderers $(VENV)/renderers/renderers.stamp
	$(BIN)/python tools/renderers.py $(VENV) build/renderers
	$(BIN)/pytest -n auto tests/exports.py

POSTS := 500 2000 10000
CHECKS := 15000
ROUNDS := 3
bench: $(VENV)/dev.stamp  ## Measure how fast the site is built and checked, beside other programs that are installed
	$(BIN)/python benchmarks/build.py --posts $(POSTS) --checks $(CHECKS) --rounds $(ROUNDS) --date "$$(date -u +%F)" \
	  --results benchmarks/results.json --page docs/speed.md

# What is set up from the new lists is tested as a whole: nobody can know what a newer version changes.
lock: $(VENV)/dev.stamp  ## Take the newest versions that pyproject.toml allows, npm's too where it is, and run everything on them
	$(call compile,uv,--group setup)
	$(call compile,site,pyproject.toml --extra site)
	$(call compile,dev,pyproject.toml --extra site --extra dev --constraints requirements/site.txt)
	$(call compile,renderers,pyproject.toml --extra site --group renderers --constraints requirements/site.txt --no-emit-package mkdocs-material)
	if command -v npm > /dev/null; then npm install --package-lock-only --save-dev typescript@latest @biomejs/biome@latest @octokit/webhooks-examples@latest @octokit/fixtures@latest; fi
	$(BIN)/python tools/written.py
	@changed="$$(git diff --unified=0 --no-color requirements package.json | grep '^[-+] *["a-z]' | tr -d '\\')"; \
	  echo "$${changed:-No version is newer.}"
	@$(MAKE) --no-print-directory test links renderers

define compile
	$(BIN)/uv pip compile $(2) --output-file requirements/$(1).txt --upgrade \
	  --universal --python-version 3.11 --generate-hashes --no-annotate --quiet --custom-compile-command "make lock"
endef

$(VENV)/%.stamp: requirements/%.txt requirements/uv.txt pyproject.toml $(VENV)/bin/python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Course Hub needs Python 3.11 or newer, and $(PYTHON) is %d.%d: make PYTHON=python3.11" % sys.version_info[:2])'
	@$(PYTHON) tools/set_up.py $(VENV) $<
	@touch $@

# Where it is gone, as after an upgrade of the machine's Python, all is set up anew.
$(VENV)/bin/python: ;

help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name does; do \
	  printf 'make %-10s  %s\n' "$$name" "$$does"; done

clean:  ## Remove what was built and set up
	rm -rf $(VENV) node_modules site preview
