# The commands of this project; README.md says what each is for. All they need is Python 3.11+ and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
ALL := tests --ignore=tests/core --ignore=tests/browser --ignore=tests/heavy
# Where nothing enters the app.
OUTSIDE := tests/sandbox tests/clients
# The stories in which the database's locks and transactions matter most; make heavy takes all of them there.
ON_POSTGRES := tests/web/forge/test_parallel.py tests/scenarios/interleavings $(addprefix tests/scenarios/test_,$(addsuffix .py, \
	survival kernel races read_races request_races crashes pacing existing_races leaving erasing_sites \
	lifecycle_orders key_change restore links_taken_back application_link_anew))
DEVELOPMENT := set -a && . build/demo/env && set +a &&
# What waits for processes of its own has two workers at first, all else two more. Neighbours mostly stay together.
STORIES := -n 4 --dist worksteal
# Dozens of processes start with the same modules: what one has compiled is kept for the others.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check types style audit browser simulate heavy bench serve

demo: .venv/ready-sandbox
	$(BIN)/python -m jira_sandbox.demo $(if $(filter-out 0,$(CHECK)),--check)

# What is run of all modules make heavy measures: here it would take as long again as the stories themselves.
test: .venv/ready-dev build/node/ready
	rm -f .coverage .coverage.*
	.ci/timed core $(PYTEST) tests/core -p no:django -n 2 --cov=backbone_app.core --cov-fail-under=100
	.ci/timed main $(PYTEST) $(ALL) $(addprefix --ignore=,tests/scenarios $(OUTSIDE)) -n 2
	.ci/timed outside $(PYTEST) $(OUTSIDE) -n 2
	.ci/timed scenarios $(PYTEST) tests/scenarios $(STORIES)
	TEST_DATABASE=postgres .ci/timed PostgreSQL $(PYTEST) $(ON_POSTGRES) tests/ledger tests/services tests/migrations $(STORIES)

# The types take as long as all the rest: side by side.
check: .venv/ready-dev build/demo/env
	.ci/timed check $(MAKE) --jobs=2 types style audit

types:
	$(DEVELOPMENT) $(BIN)/mypy --explicit-package-bases backbone_app jira_sandbox benchmarks tests

style:
	$(BIN)/ruff format --check --exclude '*.md' .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(DEVELOPMENT) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/djlint --check --lint --quiet templates

audit:
	.ci/audit $(BIN)/pip-audit

browser: .venv/ready-dev
	.ci/timed browser $(PYTEST) tests/browser -m browser -n 2

simulate: .venv/ready-dev
	$(BIN)/python -m tests.simulation --seeds $(or $(SEEDS),200) --start $(or $(START),0) \
		$(if $(TWICE),--twice) $(if $(STORE),--store $(STORE)) $(if $(FAULTS),--faults '$(FAULTS)') \
		$(if $(KIND),--kind $(KIND)) \
		$(if $(REPLAY),--replay $(REPLAY)) $(if $(SCHEDULE),--schedule '$(SCHEDULE)') $(if $(BUG),--bug '$(BUG)')

heavy: .venv/ready-dev build/node/ready
	$(PYTEST) tests/heavy -m heavy -s
	WHOLE=1 $(PYTEST) tests/core/test_differential.py -p no:django -n 2
	WHOLE=1 $(PYTEST) $(ALL) -n 2 --cov --cov-fail-under=95
	WHOLE=1 TEST_DATABASE=postgres $(PYTEST) tests/scenarios $(STORIES)
	CHANGES=200 $(PYTEST) tests/scenarios/test_why.py
	CHANGES=200 TEST_DATABASE=postgres $(PYTEST) tests/scenarios/test_why.py

bench: .venv/ready-dev build/demo/env
	$(DEVELOPMENT) $(BIN)/python -m benchmarks.requests_per_second

serve: .venv/ready-serve
	$(BIN)/python manage.py migrate --no-input
	$(BIN)/python manage.py run_workers & workers=$$!; $(BIN)/gunicorn backbone_app.wsgi & web=$$!; \
	trap 'kill $$web $$workers; wait $$web $$workers' EXIT; trap exit INT TERM; \
	while kill -0 $$web && kill -0 $$workers; do sleep 1; done 2>/dev/null; \
	echo "The web server or the workers ended, so both do; what they said last stands above." >&2; exit 1

build/demo/env: .venv/ready-sandbox
	$(BIN)/python -m jira_sandbox.demo.environment $@

# Programs of others to hold ours against; tests/node/install says what is done where they cannot be had.
build/node/ready: .venv/ready-dev tests/node/package.json tests/node/package-lock.json
	tests/node/fits || $(MAKE) .venv/ready-node || [ "$$CI" != true ]
	tests/node/install $(BIN)/python

# One environment; what is asked for is one of the extras in pyproject.toml. uv when present, else venv and pip.
.venv/ready-%: pyproject.toml
	if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" .venv && uv pip install --quiet --python $(BIN)/python -e '.[$*]'; \
	else \
		"$(PYTHON)" -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$*]'; \
	fi
	touch $@
