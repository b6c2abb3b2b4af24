// Package cloudtest is the conformance suite of a local AWS: probes of
// documented behaviour, made with the AWS SDK for Go against any endpoint.
// The same suite runs against package cloud, against moto and, given an
// account, against AWS itself. It may depend on the SDK and go-cmp only.
package cloudtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// Run probes the endpoint of cfg, one subtest per probe. known maps the name
// of a probe, such as "kms/sign: a digest", to the reason why this endpoint
// differs: that probe must then fail, and it is an error when it passes, so
// the list cannot rot.
func Run(t *testing.T, cfg aws.Config, known map[string]string) {
	t.Helper()
	all := map[string]bool{}
	for _, g := range groups() {
		t.Run(g.name, func(t *testing.T) {
			for _, probe := range g.probes {
				name := g.name + "/" + probe.name
				all[name] = true
				t.Run(probe.name, func(t *testing.T) {
					report(t, run(t.Context(), cfg, probe), known[name])
				})
			}
		})
	}
	for name := range known {
		if !all[name] {
			t.Errorf("known difference %q names no probe that ran", name)
		}
	}
}

// RunConcurrent probes the isolation of concurrent writes, which needs an
// endpoint that has it.
func RunConcurrent(t *testing.T, cfg aws.Config) {
	t.Helper()
	for _, probe := range concurrentProbes {
		t.Run(probe.name, func(t *testing.T) {
			report(t, run(t.Context(), cfg, probe), "")
		})
	}
}

// Exercise makes every probe of Run and ignores how it ends, for tests that
// watch or disturb the traffic.
func Exercise(ctx context.Context, cfg aws.Config) {
	for _, g := range groups() {
		for _, probe := range g.probes {
			run(ctx, cfg, probe)
		}
	}
}

type group struct {
	name   string
	probes []probe
}

// probe is one documented behaviour.
type probe struct {
	name string
	run  func(*suite)
}

func groups() []group {
	return []group{
		{"dynamodb", slices.Concat(writeProbes, updateProbes, invalidProbes, transactionProbes,
			queryProbes, batchProbes, tableProbes, streamProbes)},
		{"secretsmanager", slices.Concat(secretProbes, secretVersionProbes, secretDeletionProbes, secretTagProbes, secretKeyProbes)},
		{"kms", slices.Concat(keyProbes, encryptionProbes, keyStateProbes, signatureProbes)},
		{"sqs", queueProbes},
		{"eventbridge", eventProbes},
		{"scheduler", scheduleProbes},
		{"sesv2", mailProbes},
		{"ssm", parameterProbes},
		{"sts", roleProbes},
	}
}

// report turns the differences of a probe into a test result.
func report(t *testing.T, differences []string, known string) {
	t.Helper()
	if known != "" {
		if len(differences) == 0 {
			t.Errorf("matches the documentation now; remove it from the known differences (%q)", known)
		}
		return
	}
	for _, difference := range differences {
		t.Error(difference)
	}
}

// suite is what one probe works with. Like testing.T it collects failures;
// unlike it, a failure may be expected.
type suite struct {
	ctx         context.Context
	cfg         aws.Config
	differences []string
}

// run makes one probe and returns how the endpoint differed.
func run(ctx context.Context, cfg aws.Config, p probe) (differences []string) {
	s := &suite{ctx: ctx, cfg: cfg}
	defer func() {
		if stop := recover(); stop != nil && stop != errStop {
			s.errorf("panic: %v", stop)
		}
		differences = s.differences
	}()
	p.run(s)
	return s.differences
}

// errStop ends a probe that cannot go on.
var errStop = errors.New("probe stopped")

func (s *suite) errorf(format string, arguments ...any) {
	s.differences = append(s.differences, fmt.Sprintf(format, arguments...))
}

// ok stops the probe when a step failed that others build on.
func (s *suite) ok(err error) {
	if err != nil {
		s.errorf("unexpected error: %v", err)
		panic(errStop)
	}
}

// code expects an API error with one of the codes.
func (s *suite) code(err error, codes ...string) {
	if got := code(err); !slices.Contains(codes, got) {
		s.errorf("got error code %q (%v), want one of %q", got, err, codes)
	}
}

// equal expects two values to be the same.
func (s *suite) equal(what string, got, want any) {
	if diff := cmp.Diff(want, got); diff != "" {
		s.errorf("%s differs (-want +got):\n%s", what, diff)
	}
}

// expect expects a condition to hold.
func (s *suite) expect(what string, holds bool) {
	if !holds {
		s.errorf("%s: does not hold", what)
	}
}

// code returns the AWS error code of err, "" for nil.
func code(err error) string {
	if err == nil {
		return ""
	}
	if apiError, ok := errors.AsType[smithy.APIError](err); ok {
		return apiError.ErrorCode()
	}
	return "not an API error: " + err.Error()
}
