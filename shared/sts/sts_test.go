package sts_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/sts"
)

const (
	role    = "arn:aws:iam::210987654321:role/access"
	user    = "arn:aws:iam::210987654321:user/ops/tenon"
	keyID   = "AKIA0123456789ABCDEF"
	key     = "abcdefghijklmnopqrstuvwxyzABCDEFGHI/+=01"
	account = "123456789012"
)

// world is the adapter before a local AWS, in which one role trusts one
// external id and one user has a key.
type world struct {
	sts.Roles
	aws *cloud.Cloud
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{aws: cloud.New(), now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	w.aws.Now = func() time.Time { return w.now }
	w.aws.AddRole(cloud.Role{ARN: role, ExternalID: "id-of-acme", Regions: []string{"eu-west-1", "us-east-1"}})
	w.aws.AddKey(user, keyID, key)
	w.Roles = sts.Roles{Config: config(w.aws), Account: account}
	return w
}

func config(client aws.HTTPClient) aws.Config {
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://aws.local"), HTTPClient: client,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func ask(externalID string) method.RoleRequest {
	return method.RoleRequest{RoleARN: role, ExternalID: externalID, SessionName: "tenon-con_1", Lifetime: time.Hour}
}

func (w *world) assume(t *testing.T) method.RoleSession {
	t.Helper()
	s, err := w.AssumeRole(t.Context(), ask("id-of-acme"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Proves aws_assume_role, aws_access_key: STS of the local AWS, which verifies
// Signature Version 4 and trust policies.
func TestAssumeRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.assume(t)
	if !strings.HasPrefix(s.AccessKeyID, "ASIA") || s.SecretAccessKey.IsZero() || s.SessionToken.IsZero() {
		t.Errorf("session of %s", s.AccessKeyID)
	}
	arn, owner, err := w.CallerIdentity(t.Context(), "us-east-1", s)
	if err != nil || arn != "arn:aws:sts::210987654321:assumed-role/access/tenon-con_1" || owner != "210987654321" {
		t.Errorf("identity %s of %s, %v", arn, owner, err)
	}
	arn, _, err = w.CallerIdentity(t.Context(), "eu-central-1", method.RoleSession{AccessKeyID: keyID, SecretAccessKey: secret.FromString(key)})
	if err != nil || arn != user {
		t.Errorf("identity of a key: %s, %v", arn, err)
	}
}

// What AWS refuses for good is told from what passes, and from what is ours.
func TestAssumeRoleRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change     func(*world, *method.RoleRequest)
		definitive bool
		kind       fault.Kind
	}{
		"another external id": {func(_ *world, q *method.RoleRequest) { q.ExternalID = "id-of-globex" }, true, fault.Conflict},
		"an unknown role":     {func(_ *world, q *method.RoleRequest) { q.RoleARN += "-x" }, true, fault.Conflict},
		"a removed role":      {func(w *world, _ *method.RoleRequest) { w.aws.RemoveRole(role) }, true, fault.Conflict},
		"a wrong name":        {func(_ *world, q *method.RoleRequest) { q.SessionName = "a b" }, true, fault.Conflict},
		"throttling":          {failing("Throttling", 400), false, fault.RateLimited},
		"too many requests":   {failing("TooManyRequestsException", 429), false, fault.RateLimited},
		"an internal error":   {failing("InternalFailure", 500), false, fault.Unavailable},
		"a region of ours":    {failing("RegionDisabledException", 403), false, fault.Unavailable},
		"our credentials":     {failing("ExpiredToken", 403), false, fault.Unavailable},
		"our key":             {failing("InvalidClientTokenId", 403), false, fault.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, q := newWorld(t), ask("id-of-acme")
			test.change(w, &q)
			_, err := w.AssumeRole(t.Context(), q)
			check(t, err, test.definitive, test.kind)
		})
	}
}

// failing lets AWS answer every call with an error.
func failing(code string, status int) func(*world, *method.RoleRequest) {
	return func(w *world, _ *method.RoleRequest) {
		w.aws.Fault = func(string, []byte) error {
			return &cloud.Error{Code: code, Message: "about " + role, Status: status}
		}
	}
}

// A role of our own account is not for tenants, though it may trust the account.
func TestAssumeRoleOfOurOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := method.RoleRequest{RoleARN: "arn:aws:iam::" + account + ":role/admin", ExternalID: "id-of-acme", SessionName: "tenon-con_1", Lifetime: time.Hour}
	w.aws.AddRole(cloud.Role{ARN: own.RoleARN})
	_, err := w.AssumeRole(t.Context(), own)
	check(t, err, true, fault.Conflict)
	if calls := w.aws.Journal(); len(calls) > 0 {
		t.Errorf("AWS was asked: %v", calls)
	}
}

func TestCallerIdentityRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		region     string
		change     func(*world, *method.RoleSession)
		definitive bool
		kind       fault.Kind
	}{
		"another secret":       {"eu-west-1", func(_ *world, s *method.RoleSession) { s.SecretAccessKey = secret.FromString("wrong") }, true, fault.Conflict},
		"no token":             {"eu-west-1", func(_ *world, s *method.RoleSession) { s.SessionToken = secret.Bytes{} }, true, fault.Conflict},
		"an unknown key":       {"eu-west-1", func(_ *world, s *method.RoleSession) { s.AccessKeyID = "ASIA0000000000000000" }, true, fault.Conflict},
		"an expired session":   {"eu-west-1", func(w *world, _ *method.RoleSession) { w.now = w.now.Add(time.Hour) }, true, fault.Conflict},
		"a region of others":   {"ap-southeast-4", func(*world, *method.RoleSession) {}, true, fault.Conflict},
		"a policy against it":  {"eu-west-1", broken("AccessDenied", 403), false, fault.Denied},
		"throttling":           {"eu-west-1", broken("Throttling", 400), false, fault.RateLimited},
		"an internal error":    {"eu-west-1", broken("ServiceUnavailable", 503), false, fault.Unavailable},
		"an error without XML": {"eu-west-1", html, false, fault.Unavailable},
		"no network":           {"eu-west-1", unreachable, false, fault.Upstream},
		"no answer":            {"eu-west-1", silent, false, fault.UpstreamTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.assume(t)
			test.change(w, &s)
			_, _, err := w.CallerIdentity(t.Context(), test.region, s)
			check(t, err, test.definitive, test.kind)
		})
	}
}

func broken(code string, status int) func(*world, *method.RoleSession) {
	return func(w *world, _ *method.RoleSession) { failing(code, status)(w, nil) }
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

func html(w *world, _ *method.RoleSession) {
	w.Config.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 502, Body: io.NopCloser(strings.NewReader("<html>bad gateway")), Request: r}, nil
	})
}

func unreachable(w *world, _ *method.RoleSession) {
	w.Config.HTTPClient = doer(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	})
}

func silent(w *world, _ *method.RoleSession) {
	w.Config.HTTPClient = doer(func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded })
}

// check looks at a refusal, and that a caller is not told whose role it was.
func check(t *testing.T, err error, definitive bool, kind fault.Kind) {
	t.Helper()
	f := fault.From(err)
	if err == nil || errors.Is(err, method.Definitive) != definitive || f.Kind != kind {
		t.Errorf("got kind %d, %v; want kind %d, definitive %t", f.Kind, err, kind, definitive)
	}
	if strings.Contains(f.Detail, "arn:") || strings.Contains(f.Detail, "210987654321") {
		t.Errorf("a caller is told %q", f.Detail)
	}
}

// The endpoint is that of the region, unless a local one is configured.
func TestRegionalEndpoints(t *testing.T) {
	t.Parallel()
	var hosts []string
	w := newWorld(t)
	w.Config.BaseEndpoint = nil
	w.Config.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
		hosts = append(hosts, r.URL.Scheme+"://"+r.URL.Host)
		return w.aws.Do(r)
	})
	s := w.assume(t)
	if _, _, err := w.CallerIdentity(t.Context(), "us-east-1", s); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(hosts, " "); got != "https://sts.eu-west-1.amazonaws.com https://sts.us-east-1.amazonaws.com" {
		t.Errorf("asked %s", got)
	}
}
