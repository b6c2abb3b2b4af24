package method_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// roles is a method.RoleAssumer that issues one session, or fails.
type roles struct {
	err    error
	arn    string
	asked  []method.RoleRequest
	shown  method.RoleSession
	region string
}

func (r *roles) AssumeRole(_ context.Context, q method.RoleRequest) (method.RoleSession, error) {
	r.asked = append(r.asked, q)
	return method.RoleSession{
		AccessKeyID: "ASIA0123456789ABCDEF", SecretAccessKey: secret.FromString("secret-of-session"), SessionToken: secret.FromString("token/of+session=="),
	}, r.err
}

func (r *roles) CallerIdentity(_ context.Context, region string, s method.RoleSession) (arn, account string, err error) {
	r.region, r.shown = region, s
	return r.arn, "210987654321", r.err
}

func with(t method.Target, name, text string) method.Target {
	t.Values[name] = catalog.Value{Type: catalog.TypeText, Text: text}
	return t
}

// reveal returns the values of a lease, and fails where anything else carries
// the credential.
func reveal(t *testing.T, l vault.Leasable) map[string]string {
	t.Helper()
	if len(l.Headers)+len(l.Query) > 0 || !l.AccessToken.IsZero() {
		t.Error("the credential is not among the values alone")
	}
	out := map[string]string{}
	for name, v := range l.Values {
		out[name] = v.Reveal()
	}
	return out
}

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	target, sts := with(methodtest.Target("aws_assume_role"), "sessionSeconds", "1800"), new(roles)
	request, err := method.AssumeRole{}.Grant(target, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := request.Send(t.Context(), method.Reach{Roles: sts})
	if err != nil {
		t.Fatal(err)
	}
	token, err := answer.Parse(catalog.Refresh{})
	if err != nil || token.Lifetime != 30*time.Minute {
		t.Fatalf("token of %s, error %v; want half an hour", token.Lifetime, err)
	}
	want := []method.RoleRequest{{
		RoleARN: "arn:aws:iam::210987654321:role/access", ExternalID: "external-id-of-acme", SessionName: "tenon-con_1", Lifetime: 30 * time.Minute,
	}}
	if diff := cmp.Diff(want, sts.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	l, err := method.AssumeRole{}.Apply(target, nil, token)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{
		"accessKeyId": "ASIA0123456789ABCDEF", "secretAccessKey": "secret-of-session", "sessionToken": "token/of+session==", "region": "eu-west-1",
	}
	if diff := cmp.Diff(values, reveal(t, l)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

// A session never outlives what AWS gives to a chained role, and never what was
// asked for within that.
func TestAssumeRoleLifetime(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[string]time.Duration{
		"": time.Hour, "900": 15 * time.Minute, "3600": time.Hour, "43200": time.Hour, "60": 15 * time.Minute, "-1": 15 * time.Minute, "day": time.Hour,
	} {
		sts := new(roles)
		request, err := method.AssumeRole{}.Grant(with(methodtest.Target("aws_assume_role"), "sessionSeconds", seconds), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := request.Send(t.Context(), method.Reach{Roles: sts}); err != nil || sts.asked[0].Lifetime != want {
			t.Errorf("%q: asked for %v, error %v; want %s", seconds, sts.asked, err, want)
		}
	}
}

// Without the tenant's external id nothing is sent: a role that asks for none
// would let any tenant in.
func TestAssumeRoleWantsTheExternalID(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("aws_assume_role")
	target.ExternalID = ""
	if _, err := (method.AssumeRole{}).Grant(target, nil); err == nil {
		t.Error("a grant without an external id")
	}
}

func TestAssumeRoleWantsARole(t *testing.T) {
	t.Parallel()
	for _, arn := range []string{
		"", "access", "arn:aws:iam::210987654321:user/access", "arn:aws:iam::2109:role/access", "arn:aws:iam:eu-west-1:210987654321:role/access",
		"arn:aws:sts::210987654321:assumed-role/access/x", "arn:evil:iam::210987654321:role/access", "arn:aws:iam::210987654321:role/",
		"arn:aws:iam::210987654321:role/a b", "arn:aws:iam::210987654321:role/a\nb", "arn:aws:iam::210987654321:root",
	} {
		_, err := method.AssumeRole{}.Grant(with(methodtest.Target("aws_assume_role"), "roleArn", arn), nil)
		if f := fault.From(err); f.Code != fault.CodeValidationFailed || len(f.Fields) != 1 || f.Fields[0].Pointer != "/inputs/roleArn" {
			t.Errorf("%q: %v", arn, err)
		}
	}
	for _, arn := range []string{"arn:aws-us-gov:iam::210987654321:role/a", "arn:aws:iam::210987654321:role/path/of/a+b=c,d.e@f-g_h"} {
		if _, err := (method.AssumeRole{}).Grant(with(methodtest.Target("aws_assume_role"), "roleArn", arn), nil); err != nil {
			t.Errorf("%q: %v", arn, err)
		}
	}
}

var (
	errThrottled = fault.New(fault.RateLimited, fault.CodeProviderUnavailable, "limited").Retry(time.Minute)
	errBroken    = fault.New(fault.Unavailable, fault.CodeProviderUnavailable, "broken")
	errDenied    = fault.New(fault.Denied, fault.CodeProviderError, "denied")
)

// What AWS says of a role is told in the words of RFC 6749, so that only a
// refusal of the role itself makes a connection need a person.
func TestAssumeRoleRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err        error
		definitive bool
		code       fault.Code
	}{
		"not trusted": {fmt.Errorf("%w: %w", method.Definitive, errors.New("AccessDenied")), true, fault.CodeReauthRequired},
		"throttled":   {errThrottled, false, fault.CodeProviderUnavailable},
		"broken":      {errBroken, false, fault.CodeProviderUnavailable},
		"network":     {method.Unreachable(&net.OpError{Op: "dial", Err: errors.New("refused")}), false, fault.CodeProviderUnavailable},
		"timeout":     {method.Unreachable(context.DeadlineExceeded), false, fault.CodeProviderTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request, err := method.AssumeRole{}.Grant(methodtest.Target("aws_assume_role"), nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := request.Send(t.Context(), method.Reach{Roles: &roles{err: test.err}})
			if err == nil {
				_, err = answer.Parse(catalog.Refresh{})
			}
			if !fault.Has(err, test.code) || errors.Is(err, method.Definitive) != test.definitive {
				t.Errorf("got %v", err)
			}
			if f := fault.From(err); name == "throttled" && (f.Kind != fault.RateLimited || f.RetryAfter != time.Minute) {
				t.Errorf("got kind %d, retry after %s", f.Kind, f.RetryAfter)
			}
		})
	}
}

// A token that is not a session is refused, and not quoted.
func TestAssumeRoleUnreadable(t *testing.T) {
	t.Parallel()
	for _, token := range []string{
		"", "canary", `{"accessKeyId":"canary"}`, `{"accessKeyId":"A","secretAccessKey":"canary"}`, `{"accessKeyId":"A","secretAccessKey":"","sessionToken":"canary"}`,
	} {
		_, err := method.AssumeRole{}.Apply(methodtest.Target("aws_assume_role"), nil, method.Token{AccessToken: secret.FromString(token)})
		if !errors.Is(err, method.Unreadable) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestAccessKey(t *testing.T) {
	t.Parallel()
	const id, key = "AKIA0123456789ABCDEF", "abcdefghijklmnopqrstuvwxyzABCDEFGHI/+=01"
	fields := func(id, key string) map[string]secret.Bytes {
		return map[string]secret.Bytes{"accessKeyId": secret.FromString(id), "secretAccessKey": secret.FromString(key)}
	}
	target := methodtest.Target("aws_access_key")
	l, err := method.AccessKey{}.Apply(target, fields(id, key), method.Token{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"accessKeyId": id, "secretAccessKey": key, "region": "eu-west-1"}, reveal(t, l)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(method.Description{Last4: "CDEF", User: id}, method.AccessKey{}.Describe(fields(id, key))); diff != "" {
		t.Errorf("description (-want +got):\n%s", diff)
	}
	for name, test := range map[string]struct{ id, key, pointer string }{
		"a session's":    {"ASIA0123456789ABCDEF", key, "/credential/accessKeyId"},
		"no id":          {"", key, "/credential/accessKeyId"},
		"the secret":     {key, key, "/credential/accessKeyId"},
		"cut off":        {id, key[:39], "/credential/secretAccessKey"},
		"a line break":   {id, key + "\n", "/credential/secretAccessKey"},
		"the other side": {id, id, "/credential/secretAccessKey"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := method.AccessKey{}.Check(target, fields(test.id, test.key))
			f := fault.From(err)
			if f.Code != fault.CodeValidationFailed || len(f.Fields) != 1 || f.Fields[0].Pointer != test.pointer {
				t.Errorf("got %v %v", err, f.Fields)
			}
			if test.key != "" && strings.Contains(fmt.Sprint(f.Fields), test.key) {
				t.Error("the fault quotes the secret")
			}
		})
	}
}
