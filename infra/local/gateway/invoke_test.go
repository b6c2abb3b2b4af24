package gateway_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/gateway"
)

func TestInvokeARN(t *testing.T) {
	t.Parallel()
	g := start(t, gateway.Config{Prefix: "tenon-local-"})
	for _, name := range []string{
		"fn", "tenon-local-fn",
		"arn:aws:lambda:eu-west-1:123456789012:function:tenon-local-fn",
		"arn:aws:lambda:eu-west-1:123456789012:function:tenon-local-fn:$LATEST",
	} {
		out, err := g.InvokeARN(t.Context(), name, []byte(`{"do":"version"}`))
		if err != nil || string(out) != `"1"` {
			t.Errorf("%s: got %s, %v", name, out, err)
		}
	}
	if _, err := g.InvokeARN(t.Context(), "other", nil); !errors.Is(err, gateway.ErrUnknownFunction) {
		t.Errorf("got %v, want %v", err, gateway.ErrUnknownFunction)
	}
}

func TestInvokeOperation(t *testing.T) {
	t.Parallel()
	h := start(t, gateway.Config{Prefix: "tenon-local-"}).Invocations()
	for _, c := range []struct {
		name, function, kind, body string
		status                     int
		failed, errorType, want    string
	}{
		{"answer", "fn", "", `{"do":"version"}`, 200, "", "", `"1"`},
		{"physical name", "tenon-local-fn", "RequestResponse", `{"do":"version"}`, 200, "", "", `"1"`},
		{"function error", "fn", "", `{"do":"error"}`, 200, "Unhandled", "", `{"errorMessage":"told to fail","errorType":"errorString"}`},
		{"event", "fn", "Event", `{}`, 202, "", "", ""},
		{"dry run", "fn", "DryRun", `{}`, 204, "", "", ""},
		{"unknown", "other", "", `{}`, 404, "", "ResourceNotFoundException", `{"Type":"User","message":"Function not found"}`},
		{"unknown, event", "other", "Event", `{}`, 404, "", "ResourceNotFoundException", `{"Type":"User","message":"Function not found"}`},
	} {
		r := request("POST", "/2015-03-31/functions/"+c.function+"/invocations", c.body)
		if c.kind != "" {
			r.Header.Set("X-Amz-Invocation-Type", c.kind)
		}
		res := serve(t, h, r)
		if got := text(t, res); res.StatusCode != c.status || got != c.want {
			t.Errorf("%s: got %d %s, want %d %s", c.name, res.StatusCode, got, c.status, c.want)
		}
		if got := res.Header.Get("X-Amz-Function-Error"); got != c.failed {
			t.Errorf("%s: function error %q, want %q", c.name, got, c.failed)
		}
		if got := res.Header.Get("X-Amzn-Errortype"); got != c.errorType {
			t.Errorf("%s: error type %q, want %q", c.name, got, c.errorType)
		}
	}
	large := request("POST", "/2015-03-31/functions/fn/invocations", strings.Repeat(" ", 6<<20+1))
	if got := serve(t, h, large).StatusCode; got != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: status %d", got)
	}
}
