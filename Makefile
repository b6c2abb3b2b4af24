# Every target says what it does; `make` alone prints this list.
# Two commands are all a newcomer needs: make dev, make test.

SHELL := /bin/bash -o pipefail
.DEFAULT_GOAL := help

# Which stages and regions of cdk.json: all of them, if none is named.
STAGE ?=
REGION ?=
FUZZTIME ?= 20s
LAMBDA := .build/lambda
LOCAL := .build/local
LAB := infra/local/e2e/lab
UI := functions/console/ui
DIST := functions/console/dist
NPM := functions/console/npm
TRIAL := .build/npm/trial
# The seed of the property tests: a change is held to the same cases as the one
# before it. 0 looks for others, as make property does.
RAPID_SEED ?= 1
CHECKS ?= 2000
# What is simulated: day or outage; of how many connections; and how long one size
# may take (0s is a whole day however long that takes).
SCENARIO ?= day
SIZES ?= 10000,100000,1000000
LIMIT ?= 0s
EVERYDAY := ./functions/... ./shared/... ./infra/bundle ./infra/package ./infra/smoke ./infra/local/...
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.8.0
VULNDB ?= https://vuln.go.dev
# What is built; and the version of a release, which stands in its bill of materials.
FUNCTIONS ?= ./functions/...
# What the functions leave out: the RPC mode of old runtimes, and HTTP/2, which no service of AWS
# that they call speaks and no system asks for (ADR 0057).
TAGS := lambda.norpc,nethttpomithttp2
VERSION ?= dev
REPOSITORY ?= $(or $(GITHUB_REPOSITORY),tenonhq/tenon)

# The types of the API in TypeScript; what has a default need not be sent.
TYPES := npx openapi-typescript shared/openapi/openapi.json --default-non-nullable=false --output

say = @printf '\n== %s\n' "$(1)"

.PHONY: help
help: ## List the targets.
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# Running it locally.

.PHONY: dev
dev: ## Run everything locally on http://127.0.0.1:8787 (TENON_DEV_PORT), state in .tenon.
	@command -v go >/dev/null || { echo "Tenon needs Go (https://go.dev/dl). Install it and run make dev again."; exit 1; }
	@mkdir -p .build && echo "tenon: building the runner" && go build -o .build/tenon ./shared/cmd/tenon
	@exec .build/tenon dev

.PHONY: dev-reset
dev-reset: ## Forget the local state: tenants, connections, keys, demo accounts.
	rm -rf .tenon

.PHONY: demo
demo: ## Walk the main job against a running `make dev`.
	go run ./shared/cmd/tenon demo

.PHONY: invoke
invoke: ## Send an event to a function of a running `make dev`: FN=connection-get EVENT=events/connection-get.json.
	@go run ./shared/cmd/tenon invoke $(or $(FN),$(error FN names no function)) $(or $(EVENT),events/$(FN).json)

# Adding to it.

.PHONY: connector
connector: ## Begin a connector and say what is missing in it: NAME=acme-crm SCHEME=api_key (default: sign in by OAuth 2.0).
	@if [ -z "$(NAME)" ]; then \
		echo "make connector NAME=acme-crm [SCHEME=oauth2_authorization_code] begins shared/catalog/connectors/acme-crm.json"; \
		echo "and says what to fill in. SCHEME is a type of shared/catalog/connector.schema.json, such as api_key or basic."; \
		exit 2; \
	fi
	@go run ./shared/cmd/tenon connector new "$(NAME)" --scheme "$(or $(SCHEME),oauth2_authorization_code)"

# Checking it.

.PHONY: test
test: tools check console npm-test unit templates-test e2e browser chaos-short ## Run everything CI runs: static checks, unit and contract tests, templates, end to end, pages in a browser, crashes.
	@printf '\nAll checks passed.\n'

.PHONY: check
check: ## Static checks: format, vet, staticcheck, tidy module, fresh golden files.
	$(call say,format)
	@test -z "$$(gofmt -l functions shared infra template-tests | tee /dev/stderr)"
	$(call say,go vet)
	go vet $(EVERYDAY) ./template-tests/...
	$(call say,staticcheck)
	go run $(STATICCHECK) $(EVERYDAY)
	$(call say,go mod tidy)
	go mod tidy -diff

.PHONY: console
console: node_modules/.package-lock.json ## Static checks of the console: types, and that what is derived from its sources is fresh.
	$(call say,console)
	npx tsc --project $(UI)
	@mkdir -p .build
	$(TYPES) .build/schema.d.ts && cmp .build/schema.d.ts $(UI)/src/api/schema.d.ts
	go run ./infra/bundle -from $(UI) -to .build/console && diff -rq .build/console $(DIST)

.PHONY: npm-package
npm-package: node_modules/.package-lock.json ## Pack the TypeScript client and the elements for npm, the same bytes each time: .build/npm/tenonhq-tenon-VERSION.tgz.
	$(call say,npm package)
	@rm -rf .build/npm && mkdir -p .build/npm
	npx tsc --project $(NPM)
	node $(NPM)/pack.js "$(VERSION)"
	cd .build/npm && npm pack --silent --ignore-scripts ./package
	@mkdir -p $(TRIAL)/node_modules/@tenonhq/tenon && tar -xzf .build/npm/*.tgz --strip-components=1 -C $(TRIAL)/node_modules/@tenonhq/tenon

.PHONY: npm-test
npm-test: npm-package ## Compile against the packed npm package as its users do, and run it in Node.js.
	$(call say,npm package as its users have it)
	@cp -r $(NPM)/types $(NPM)/test $(TRIAL) && echo '{"type": "module"}' >$(TRIAL)/package.json
	@node $(NPM)/examples.js $(TRIAL)/types
	npx tsc --project $(TRIAL)/types
	npx tsc --project $(TRIAL)/types --skipLibCheck --module nodenext --moduleResolution nodenext
	node --test --test-reporter=spec $(TRIAL)/test/*.test.js

.PHONY: lint
lint: ## The full linter set of .golangci.yml (compiles golangci-lint the first time: minutes).
	go run $(GOLANGCI) run $(EVERYDAY) ./infra/... ./template-tests/...

.PHONY: unit
unit: peers npm-package ## Unit, contract and function tests (local AWS in process; moto too where it is installed).
	$(call say,unit and contract tests)
	RAPID_SEED=$(RAPID_SEED) go test -shuffle=on $$(go list $(EVERYDAY) | grep -v -e /e2e -e /chaos)

.PHONY: property
property: ## Look for cases the models do not hold for: CHECKS (default 2000) of each, from another seed each time.
	RAPID_SEED=0 RAPID_CHECKS=$(CHECKS) go test -count=1 -timeout 60m ./shared/catalog ./shared/connection ./shared/connect/modeltest

.PHONY: race
race: peers ## The tests of the concurrent parts under the race detector.
	go test -race -shuffle=on ./shared/... ./functions/...

.PHONY: fuzz
fuzz: ## Run every fuzz target in turn, each for FUZZTIME (default 20s).
	@for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' functions shared infra/local | xargs -n1 dirname | sort -u); do \
		targets=$$(go test -list '^Fuzz' ./$$dir) || { echo "$$targets"; exit 1; }; \
		for target in $$(grep '^Fuzz' <<<"$$targets"); do \
			printf '\n== %s of %s, %s\n' "$$target" "$$dir" "$(FUZZTIME)"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x ./$$dir || exit 1; \
		done; \
	done

.PHONY: templates-test
templates-test: ## Assertions on the synthesized templates, and that they are fresh.
	$(call say,template tests)
	go test ./template-tests/... ./infra ./infra/app

.PHONY: cfn-lint
cfn-lint: ## Have cfn-lint look at the templates of stage dev and its variants (pip install cfn-lint; skips without it).
	TENON_CFN_LINT=1 go test -count=1 -v -run '^TestLint$$' ./template-tests

.PHONY: e2e
e2e: lab peers ## End to end: the real binaries, the demo provider and a certified OAuth server.
	$(call say,end to end)
	go test -count=1 -v -skip '^TestConsole$$' ./infra/local/e2e/... | grep -vE '^=== (RUN|PAUSE|CONT)'

.PHONY: browser
browser: lab chromium npm-package ## Browser tests of the console and the hosted pages in Chromium (TENON_CHROMIUM names another one).
	$(call say,pages in a browser)
	go test -count=1 -v -run '^TestConsole$$' ./infra/local/e2e | grep -vE '^=== (RUN|PAUSE|CONT|NAME)'

.PHONY: screenshots
screenshots: export TENON_SCREENSHOTS = 1
screenshots: ## Run the browser tests and leave pictures of the pages in .build/screenshots: light and dark, wide and narrow.
	@rm -rf .build/screenshots
	@$(MAKE) --no-print-directory browser
	@echo "the pictures are in .build/screenshots"

.PHONY: chaos
chaos: lab ## Kill the real functions, and let AWS fail, at every step of what they do (CHAOS_SEED, CHAOS_RUNS, CHAOS_CALLS).
	$(call say,chaos)
	go test -count=1 -v -timeout 20m -parallel 4 -skip '^TestShort$$' ./infra/local/chaos/... | grep -vE '^=== (RUN|PAUSE|CONT|NAME)'

.PHONY: chaos-short
chaos-short: lab ## The part of chaos that every change is held to: crashes and faults of a refresh (CHAOS_SEED).
	$(call say,chaos in short)
	go test -count=1 -v -run '^TestShort$$' ./infra/local/chaos/... | grep -vE '^=== (RUN|PAUSE|CONT|NAME)'

.PHONY: bench
bench: ## Measure speed and cost beside a function that does nothing; .build/bench.md has the report, a broken budget is an error (ONLY=cold-start,lease,calls,contention,sweep; ROUNDS; DOCS=1 keeps the summary).
	$(call say,bench)
	@mkdir -p .build && go build -o .build/tenon ./shared/cmd/tenon
	.build/tenon bench $(if $(ONLY),--only $(ONLY)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(DOCS),--docs)

.PHONY: simulate
simulate: ## Run a day of 10,000, 100,000 and 1,000,000 connections in virtual time: calls, lag, quotas, cost (SIZES, LIMIT; SCENARIO=outage).
	$(call say,simulate)
	@mkdir -p .build && go build -o .build/tenon ./shared/cmd/tenon
	GOGC=300 GOMEMLIMIT=8GiB .build/tenon simulate --scenario $(SCENARIO) --sizes $(SIZES) --limit $(LIMIT)

.PHONY: lab
lab: $(LAB)/node_modules/.package-lock.json ## Install the certified OAuth server the end-to-end tests use.

$(LAB)/node_modules/.package-lock.json: $(LAB)/package-lock.json
	$(call say,npm ci for the OAuth lab)
	npm ci --no-audit --no-fund --prefix $(LAB)

.PHONY: tools
tools:
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "installing Node.js with apt-get"; apt-get update -qq && apt-get install -y -qq nodejs npm; }

# What tests need that is no package of Go or Node.js: the servers that credentials
# are proven against, jq for the documents, and a browser. The tests skip what is not
# installed, save in CI. policy-rc.d (invoke-rc.d(8)) keeps the packages from starting
# anything; outside of CI nothing is removed to make room for them.
define install
	test -n "$$wanted" || exit 0; \
	command -v apt-get >/dev/null || { echo "not installed, their tests skip:$$wanted"; exit 0; }; \
	echo "installing with apt-get:$$wanted"; \
	as=; test "$$(id -u)" = 0 || as="sudo -n"; \
	policy=/usr/sbin/policy-rc.d; mine=; \
	test -e $$policy || { printf '#!/bin/sh\nexit 101\n' | $$as tee $$policy >/dev/null && $$as chmod +x $$policy && mine=yes; }; \
	$$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(if $(CI),,--no-remove) $$wanted; done=$$?; \
	test -z "$$mine" || $$as rm -f $$policy; \
	test $$done = 0 -o -n "$(CI)" || echo "not installed, their tests skip:$$wanted"; \
	test $$done = 0 -o -z "$(CI)"
endef

.PHONY: peers
peers:
	@wanted=; \
	test -x /usr/sbin/sshd || wanted="$$wanted openssh-server"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$$wanted postgresql"; \
	test -x /usr/sbin/mariadbd || wanted="$$wanted mariadb-server-core"; \
	command -v jq >/dev/null || wanted="$$wanted jq"; \
	$(install)

.PHONY: chromium
chromium:
	@wanted=; \
	test -n "$$TENON_CHROMIUM" -o -x /usr/bin/chromium || wanted=" chromium fonts-liberation"; \
	$(install)

.PHONY: golden
golden: node_modules/.package-lock.json ## Regenerate the committed files that are derived: templates, OpenAPI document, the API reference, its types in TypeScript, the bundle of the console, ledgers of permissions, stacks and what holds state, the document of the controls, tables of the READMEs, schemas of the events, what functions ask of AWS.
	go run ./infra/app -golden
	go test ./shared/openapi -update
	$(TYPES) $(UI)/src/api/schema.d.ts
	go run ./infra/bundle -from $(UI) -to $(DIST)
	go test ./template-tests -run 'TestLedger|TestStacks|TestControls|TestStateful' -update
	go test ./shared/notify -update
	go test ./shared -run 'TestCases|TestPeers' -update
	go test ./infra/local/e2e -run '^TestRouteCalls$$' -update

# Building and deploying it.

.PHONY: build
build: ## Build every function for AWS (arm64) into zips in .build/lambda: the same bytes on every machine with the same Go.
	@mkdir -p .build/arm64
	$(call say,building functions for arm64)
	GOFLAGS='-trimpath -buildvcs=false' GOEXPERIMENT= GOARM64=v8.0 CGO_ENABLED=0 GOOS=linux GOARCH=arm64 go build -tags $(TAGS) -ldflags='-s -w' -o .build/arm64/ $(FUNCTIONS)
	@for f in .build/arm64/*; do test -d functions/$${f##*/} || rm -f $$f; done
	go run ./infra/package -from .build/arm64 -to $(LAMBDA)

.PHONY: reproduce
reproduce: build ## Build the committed functions once more, elsewhere and from nothing, and compare the checksums (minutes).
	@work=$$(mktemp -d) && trap 'chmod -R u+w '$$work'; rm -rf '$$work EXIT && mkdir $$work/elsewhere && \
	git archive HEAD | tar -x -C $$work/elsewhere && \
	GOCACHE=$$work/cache $(MAKE) --no-print-directory -C $$work/elsewhere build FUNCTIONS="$(FUNCTIONS)" && \
	diff $(LAMBDA)/SHA256SUMS $$work/elsewhere/$(LAMBDA)/SHA256SUMS && \
	echo "both builds are the same"

.PHONY: verify-release
verify-release: ## Compare .build/lambda with the attested release TAG; needs gh, signed in.
	@rm -rf .build/release
	gh release download "$(or $(TAG),$(error TAG names no release))" --repo "$(REPOSITORY)" --pattern SHA256SUMS --dir .build/release
	gh attestation verify .build/release/SHA256SUMS --repo "$(REPOSITORY)" --signer-workflow "$(REPOSITORY)/.github/workflows/release.yml" --source-ref "refs/tags/$(TAG)"
	diff .build/release/SHA256SUMS $(LAMBDA)/SHA256SUMS
	@echo "what was built is what was released"

.PHONY: sbom
sbom: build ## Write the bill of materials of the functions and of the console's packages (CycloneDX) to .build/tenon.cdx.json.
	go run ./infra/package -from .build/arm64 -to $(LAMBDA) -bill .build/tenon.cdx.json -version "$(VERSION)"

.PHONY: vulncheck
vulncheck: ## Look for known vulnerabilities in what the functions call and in the console's packages; needs vuln.go.dev (VULNDB).
	@curl -sf --max-time 30 -o /dev/null $(VULNDB)/index/db.json || { echo "NOT CHECKED: the vulnerability database $(VULNDB) cannot be reached from here."; exit 1; }
	go run $(GOVULNCHECK) -db $(VULNDB) -tags $(TAGS) ./functions/... ./shared/...
	npm audit --omit=dev

node_modules/.package-lock.json: package-lock.json
	npm ci --no-audit --no-fund

CDK = npx cdk --app "go run ./infra/app" $(if $(STAGE),-c stage=$(STAGE)) $(if $(REGION),-c region=$(REGION))

.PHONY: synth
synth: build node_modules/.package-lock.json ## Synthesize the stacks of every stage and region of cdk.json (STAGE, REGION: of one) into cdk.out.
	@rm -rf cdk.out
	$(CDK) -c draft=true synth --quiet
	@for t in cdk.out/*.template.json; do printf '%8d bytes %4d resources  %s\n' $$(wc -c <$$t) $$(grep -c '^   "Type": "AWS' $$t) $${t#cdk.out/}; done

.PHONY: diff
diff: build node_modules/.package-lock.json ## Compare the stacks of STAGE in REGION with what is deployed.
	$(CDK) diff

.PHONY: deploy
deploy: build node_modules/.package-lock.json ## Deploy the stacks of STAGE to REGION (default: every region of the stage) of the current AWS account.
	@: $(or $(STAGE),$(error STAGE names no stage of cdk.json))
	$(CDK) deploy --all

.PHONY: upload-console
upload-console: ## Copy the console's files to the bucket of STAGE in REGION, where CloudFront delivers it; old ones stay for pages that are open.
	@: $(or $(STAGE),$(error STAGE names no stage of cdk.json)) $(or $(REGION),$(error REGION names no region))
	aws s3 sync $(DIST)/assets "s3://$$(aws cloudformation describe-stacks --region $(REGION) --stack-name Tenon-$(STAGE)-Api \
		--query "Stacks[0].Outputs[?OutputKey=='AssetsBucket'].OutputValue" --output text)/console/assets" \
		--region $(REGION) --cache-control "public, max-age=31536000, immutable"

.PHONY: smoke
smoke: ## Run the main job against the deployed stage at URL, with TENON_TOKEN or TENON_ISSUER, TENON_CLIENT_ID and TENON_CLIENT_SECRET (SYSTEM: where keys are verified).
	@go run ./shared/cmd/tenon smoke --url "$(or $(URL),$(error URL is not set: make smoke URL=https://…))" $(if $(SYSTEM),--system "$(SYSTEM)")

.PHONY: clean
clean: ## Remove what was built; the local state stays.
	rm -rf .build cdk.out
