package method_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// verifyAWS probes with the values of a lease.
func verifyAWS(t *testing.T, target method.Target, sts method.RoleAssumer) (method.Probe, error) {
	t.Helper()
	return method.Verify(t.Context(), method.Reach{Roles: sts}, target, vault.Leasable{Values: map[string]secret.Bytes{
		"accessKeyId": secret.FromString("ASIA0123456789ABCDEF"), "secretAccessKey": secret.FromString("s"), "sessionToken": secret.FromString("t"),
	}})
}

// The account is who stays the same when the session is another one.
func TestVerifyAWSNamesTheAccount(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]method.Probe{
		"arn:aws:sts::210987654321:assumed-role/access/tenon-con_1": {AccountID: "210987654321:role/access", AccountName: "arn:aws:iam::210987654321:role/access"},
		"arn:aws:iam::210987654321:user/ops/tenon":                  {AccountID: "210987654321:user/ops/tenon", AccountName: "arn:aws:iam::210987654321:user/ops/tenon"},
		"arn:aws:iam::210987654321:root":                            {AccountID: "210987654321:root", AccountName: "arn:aws:iam::210987654321:root"},
		"":                                                          {AccountID: "210987654321"},
	} {
		for _, scheme := range []string{"aws_assume_role", "aws_access_key"} {
			sts := &roles{arn: arn}
			got, err := verifyAWS(t, methodtest.Target(scheme), sts)
			if err != nil {
				t.Fatal(err)
			}
			want.Outcome = catalog.OK
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", arn, diff)
			}
			if sts.region != "eu-west-1" || sts.shown.AccessKeyID != "ASIA0123456789ABCDEF" || sts.shown.SecretAccessKey.Reveal() != "s" || sts.shown.SessionToken.Reveal() != "t" {
				t.Errorf("asked in %s with the key %s", sts.region, sts.shown.AccessKeyID)
			}
		}
	}
}

func TestVerifyAWSTellsOutcomesApart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want catalog.Outcome
	}{
		"refused":   {fmt.Errorf("%w: %w", method.Definitive, errors.New("SignatureDoesNotMatch")), catalog.AuthError},
		"denied":    {errDenied, catalog.PermissionError},
		"throttled": {errThrottled, catalog.RateLimited},
		"broken":    {errBroken, catalog.ProviderError},
		"network":   {method.Unreachable(errors.New("reset")), catalog.NetworkError},
		"timeout":   {method.Unreachable(context.DeadlineExceeded), catalog.NetworkError},
		"tls":       {method.Unreachable(x509.UnknownAuthorityError{}), catalog.TLSError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := verifyAWS(t, methodtest.Target("aws_access_key"), &roles{err: test.err})
			if err != nil || got.Outcome != test.want || got.Message != "" {
				t.Errorf("got %+v, %v; want %s", got, err, test.want)
			}
		})
	}
	if _, err := verifyAWS(t, methodtest.Target("aws_access_key"), &roles{err: errors.New("ours")}); err == nil {
		t.Error("a failure of our own is an outcome")
	}
}

// The region stands in the name of the endpoint that gets the credentials.
func TestVerifyAWSWantsARegion(t *testing.T) {
	t.Parallel()
	for _, region := range []string{"", "evil.example/", "eu-west-1.evil.example", "EU-WEST-1", "eu-west", "eu-west-1/", "eu-west-1\n", "local"} {
		sts := new(roles)
		_, err := verifyAWS(t, with(methodtest.Target("aws_access_key"), "region", region), sts)
		if !fault.Has(err, fault.CodeValidationFailed) || sts.region != "" {
			t.Errorf("%q: asked in %q, %v", region, sts.region, err)
		}
	}
	for _, region := range []string{"us-east-1", "ap-southeast-4", "us-gov-west-1", "cn-northwest-1", "us-isob-east-1", "eusc-de-east-1", "mx-central-1"} {
		if _, err := verifyAWS(t, with(methodtest.Target("aws_access_key"), "region", region), new(roles)); err != nil {
			t.Errorf("%q: %v", region, err)
		}
	}
}

func TestAWSNeedsReach(t *testing.T) {
	t.Parallel()
	_, err := method.Verify(t.Context(), method.Reach{}, methodtest.Target("aws_access_key"), vault.Leasable{})
	if !fault.Has(err, fault.CodeSchemeMismatch) {
		t.Errorf("verify: %v", err)
	}
	request, err := method.AssumeRole{}.Grant(methodtest.Target("aws_assume_role"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := request.Send(t.Context(), method.Reach{}); !fault.Has(err, fault.CodeSchemeMismatch) || !errors.Is(err, method.ErrNotSent) {
		t.Errorf("assume: %v", err)
	}
}
