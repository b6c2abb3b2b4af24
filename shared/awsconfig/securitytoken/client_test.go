package securitytoken_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/awsconfig/securitytoken"
	"github.com/tenonhq/tenon/shared/metric"
)

const (
	session = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn>a</Arn></AssumedRoleUser><Credentials>` +
		`<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-20T10:00:00Z</Expiration>` +
		`</Credentials></AssumeRoleResult></AssumeRoleResponse>`
	refused = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>%s</Code><Message>m</Message></Error></ErrorResponse>`
)

// peer answers the calls of a client, one after another, the last for good.
type peer struct {
	answers []answer
	asked   []*http.Request
	forms   []url.Values
}

type answer struct {
	status int
	body   string
}

func (p *peer) Do(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	p.asked, p.forms = append(p.asked, r), append(p.forms, form)
	a := p.answers[min(len(p.asked), len(p.answers))-1]
	if a.status == 0 {
		return nil, errors.New("connection reset by peer")
	}
	return &http.Response{StatusCode: a.status, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

func (p *peer) client(region string) securitytoken.Client {
	return securitytoken.Client{Config: aws.Config{
		Region: region, HTTPClient: p, Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "s", "own-token"),
		Retryer: func() aws.Retryer { return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = 4 }) },
	}}
}

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	p := &peer{answers: []answer{{200, session}}}
	got, err := p.client("eu-west-1").AssumeRole(t.Context(), securitytoken.Role{
		ARN: "arn:aws:iam::1:role/x", SessionName: "n", ExternalID: "e", Life: time.Hour, Tags: map[string]string{"a:b": "acme & co", "c": "d"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := aws.Credentials{
		AccessKeyID: "ASIA1", SecretAccessKey: "s", SessionToken: "t", Source: "securitytoken", CanExpire: true,
		Expires: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("credentials (-want +got):\n%s", diff)
	}
	form := url.Values{
		"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleArn": {"arn:aws:iam::1:role/x"}, "RoleSessionName": {"n"}, "ExternalId": {"e"}, "DurationSeconds": {"3600"},
		"Tags.member.1.Key": {"a:b"}, "Tags.member.1.Value": {"acme & co"}, "Tags.member.2.Key": {"c"}, "Tags.member.2.Value": {"d"},
	}
	if diff := cmp.Diff(form, p.forms[0]); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
	authorization := p.asked[0].Header.Get("Authorization")
	if !strings.Contains(authorization, "AKIDEXAMPLE/") || !strings.Contains(authorization, "/eu-west-1/sts/") || p.asked[0].Header.Get("X-Amz-Security-Token") != "own-token" {
		t.Errorf("signed with %s", authorization)
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1":                 "https://sts.eu-west-1.amazonaws.com",
		"us-gov-west-1":             "https://sts.us-gov-west-1.amazonaws.com",
		"cn-north-1":                "https://sts.cn-north-1.amazonaws.com.cn",
		"eusc-de-east-1":            "https://sts.eusc-de-east-1.amazonaws.eu",
		"":                          "",
		"evil.example/?":            "",
		"eu-west-1@evil.example:80": "",
	} {
		p := &peer{answers: []answer{{200, session}}}
		_, err := p.client(region).AssumeRole(t.Context(), securitytoken.Role{})
		switch {
		case want == "" && (err == nil || len(p.asked) > 0):
			t.Errorf("region %q was asked", region)
		case want != "" && (err != nil || p.asked[0].URL.String() != want+"/"):
			t.Errorf("region %q: got %v, want %s", region, err, want)
		}
	}
}

// What passes is repeated, and counted where AWS throttled; what does not, is not.
func TestRepetition(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers   []answer
		calls     int
		code      string // Of the error in the end; empty for none.
		throttled int
	}{
		"a lost connection":       {[]answer{{}, {200, session}}, 2, "", 0},
		"throttling":              {[]answer{{400, fmt.Sprintf(refused, "Throttling")}, {200, session}}, 2, "", 1},
		"a gateway":               {[]answer{{502, "<html>"}, {200, session}}, 2, "", 0},
		"throttling that goes on": {[]answer{{400, fmt.Sprintf(refused, "Throttling")}}, 4, "Throttling", 4},
		"a refusal":               {[]answer{{403, fmt.Sprintf(refused, "AccessDenied")}}, 1, "AccessDenied", 0},
		"no words":                {[]answer{{403, ""}}, 1, "UnknownError", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				out := new(bytes.Buffer)
				e := &metric.Emitter{Out: out, Now: time.Now}
				p := &peer{answers: test.answers}
				_, err := p.client("eu-west-1").AssumeRole(metric.With(t.Context(), e), securitytoken.Role{})
				var api smithy.APIError
				if (err == nil) != (test.code == "") || err != nil && (!errors.As(err, &api) || api.ErrorCode() != test.code) {
					t.Errorf("got %v, want the code %q", err, test.code)
				}
				e.Flush()
				if counted := strings.Contains(out.String(), fmt.Sprintf(`"AWSThrottles":%d`, test.throttled)); len(p.asked) != test.calls || counted != (test.throttled > 0) {
					t.Errorf("%d calls, want %d; measured %s", len(p.asked), test.calls, out)
				}
			})
		})
	}
}

func TestAnswerWithoutASession(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		strings.ReplaceAll(session, "<SessionToken>t</SessionToken>", ""), strings.ReplaceAll(session, "ASIA1", ""),
		"<AssumeRoleResponse/>",
	} {
		p := &peer{answers: []answer{{200, body}}}
		if _, err := p.client("eu-west-1").AssumeRole(t.Context(), securitytoken.Role{}); !errors.Is(err, securitytoken.ErrUnreadable) {
			t.Errorf("got %v", err)
		}
	}
	p := &peer{answers: []answer{{200, "<html>"}}}
	if _, err := p.client("eu-west-1").AssumeRole(t.Context(), securitytoken.Role{}); err == nil {
		t.Error("a page is a session")
	}
}
