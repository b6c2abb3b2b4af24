package tenancy_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/awsconfig/securitytoken"
	"github.com/tenonhq/tenon/shared/awsconfig/tenancy"
)

// fakeSTS makes sessions that are named after what they are tagged with.
type fakeSTS struct {
	lock  sync.Mutex
	asked []string
	fails error
}

func (f *fakeSTS) AssumeRole(_ context.Context, r securitytoken.Role) (aws.Credentials, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	said := r.ARN
	for key, value := range r.Tags {
		said += " " + key + "=" + value
	}
	f.asked = append(f.asked, said)
	if f.fails != nil {
		return aws.Credentials{}, f.fails
	}
	return aws.Credentials{
		AccessKeyID: fmt.Sprintf("%s/%d", r.Tags[tenancy.Tag], len(f.asked)), SecretAccessKey: "secret", SessionToken: "token",
		CanExpire: true, Expires: time.Now().Add(r.Life),
	}, nil
}

func provider(f *fakeSTS) *tenancy.Credentials {
	return &tenancy.Credentials{STS: f, Role: "role", Own: credentials.NewStaticCredentialsProvider("own", "secret", ""), Now: time.Now}
}

func key(t *testing.T, c *tenancy.Credentials, tenant string) string {
	t.Helper()
	ctx := t.Context()
	if tenant != "" {
		ctx = auth.For(ctx, tenant)
	}
	got, err := c.Retrieve(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return got.AccessKeyID
}

// TestEachTenantHasASession: it is asked for once, by all who need it at once, and
// again before it ends.
func TestEachTenantHasASession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSTS{}
		c := provider(f)
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if got := key(t, c, "acme"); got != "acme/1" {
					t.Errorf("acme's credentials are %s", got)
				}
			})
		}
		group.Wait()
		if got := key(t, c, ""); got != "own" {
			t.Errorf("work for no tenant has the credentials %s", got)
		}
		if got := key(t, c, "initech"); got != "initech/2" {
			t.Errorf("initech's credentials are %s", got)
		}
		time.Sleep(54 * time.Minute)
		if got := key(t, c, "acme"); got != "acme/1" {
			t.Errorf("after 54 minutes acme's credentials are %s", got)
		}
		time.Sleep(2 * time.Minute)
		if got := key(t, c, "acme"); got != "acme/3" {
			t.Errorf("five minutes before their end acme's credentials are %s", got)
		}
		for _, asked := range f.asked {
			if !strings.HasPrefix(asked, "role tenon:tenant=") || strings.Count(asked, "=") != 1 {
				t.Errorf("asked for %q", asked)
			}
		}
	})
}

// TestFailureIsNotKept: nobody is served with the function's own credentials
// instead, and the next one asks again.
func TestFailureIsNotKept(t *testing.T) {
	t.Parallel()
	f := &fakeSTS{fails: errors.New("throttled")}
	c := provider(f)
	if got, err := c.Retrieve(auth.For(t.Context(), "acme")); !errors.Is(err, f.fails) || got.HasKeys() {
		t.Fatalf("got %s, %v", got.AccessKeyID, err)
	}
	f.fails = nil
	if got := key(t, c, "acme"); got != "acme/2" {
		t.Errorf("acme's credentials are %s", got)
	}
}

// TestSessionsAreBounded: very many tenants do not fill the memory.
func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	f := &fakeSTS{}
	c := provider(f)
	for i := range 5000 {
		key(t, c, fmt.Sprint("tenant-", i))
	}
	held := 0
	for i := range 5000 {
		before := len(f.asked)
		if key(t, c, fmt.Sprint("tenant-", i)); len(f.asked) == before {
			held++
		}
	}
	if held > 4096 || held == 0 {
		t.Errorf("%d sessions are held, want some and at most 4096", held)
	}
}

// TestCallsAreSignedByTenant: a client of the SDK signs each call as the tenant that
// its context is for, and without a role as the function.
func TestCallsAreSignedByTenant(t *testing.T) {
	t.Parallel()
	var signed []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Target") == "" { // STS
			_ = r.ParseForm()
			tenant := r.Form.Get("Tags.member.1.Value")
			fmt.Fprintf(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>%s</AccessKeyId>`+
				`<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
				tenant, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
			return
		}
		_, by, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		by, _, _ = strings.Cut(by, "/")
		signed = append(signed, by)
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(s.Close)
	cfg := aws.Config{Region: "eu-central-1", BaseEndpoint: &s.URL, HTTPClient: http.DefaultClient, Credentials: credentials.NewStaticCredentialsProvider("own", "s", "")}
	for _, role := range []string{"arn:aws:iam::123456789012:role/tenant", ""} {
		client := dynamodb.NewFromConfig(tenancy.Config(cfg, role))
		for _, tenant := range []string{"acme", "initech", ""} {
			ctx := t.Context()
			if tenant != "" {
				ctx = auth.For(ctx, tenant)
			}
			if _, err := client.ListTables(ctx, &dynamodb.ListTablesInput{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, want := strings.Join(signed, " "), "acme initech own own own own"; got != want {
		t.Errorf("signed by %s, want %s", got, want)
	}
}
