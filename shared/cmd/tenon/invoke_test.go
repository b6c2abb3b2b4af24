package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestInvoke(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/dev/functions/missing/invocations" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if r.URL.Path == "/dev/functions/broken/invocations" {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		}
		_, _ = io.Copy(w, r.Body)
	}))
	t.Cleanup(server.Close)
	for name, test := range map[string]struct{ out, err string }{
		"connection-get": {"{\n  \"rawPath\": \"/x\"\n}\n", ""},
		"broken":         {"{\n  \"rawPath\": \"/x\"\n}\n", "broken failed"},
		"missing":        {"", `no function "missing"`},
	} {
		out, err := invoke(t, name, port(t, server.URL))
		if out != test.out {
			t.Errorf("%s: got output %q, want %q", name, out, test.out)
		}
		if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: got error %v, want %q", name, err, test.err)
		}
	}
}

func TestInvokeSaysHowToStartTheEnvironment(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := port(t, "http://"+listener.Addr().String())
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := invoke(t, "connection-get", free); err == nil || !strings.Contains(err.Error(), "make dev") {
		t.Errorf("got %v, want advice to run make dev", err)
	}
}

func invoke(t *testing.T, function string, port int) (string, error) {
	t.Helper()
	event := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(event, []byte(`{"rawPath":"/x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := (&invokeCommand{Function: function, Event: event, Port: port}).Run(t.Context(), &out)
	return out.String(), err
}

func port(t *testing.T, address string) int {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return n
}
