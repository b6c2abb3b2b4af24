package egress_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// TestMain names a proxy for the whole run: net/http reads the variable once
// per process, and no request may go there.
func TestMain(m *testing.M) {
	os.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	os.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	os.Exit(m.Run())
}

const public = "93.184.216.34"

// errStop keeps the tests from leaving the machine.
var errStop = errors.New("stopped before connecting")

// canary listens on loopback and counts connections.
func canary(t *testing.T) (port uint16, hits *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	hits = new(atomic.Int64)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			hits.Add(1)
			c.Close()
		}
	}()
	return netip.MustParseAddrPort(l.Addr().String()).Port(), hits
}

// reaching returns a client whose name server answers the rounds, and the
// addresses it was about to connect to.
func reaching(t *testing.T, port uint16, rounds ...[]netip.Addr) (*http.Client, *[]string) {
	t.Helper()
	var reached []string
	cfg := egress.Config{Ports: []uint16{port}, Resolver: resolver(t, rounds...), InsecureLoopback: true}
	return egress.NewReaching(cfg, func(a netip.AddrPort) error {
		reached = append(reached, a.Addr().String())
		return errStop
	}), &reached
}

func get(t *testing.T, c interface {
	Do(*http.Request) (*http.Response, error)
}, address string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(req)
	if err == nil {
		res.Body.Close()
	}
	return err
}

// wantDenied also holds the error to what callers make of it: net/http wraps
// it, and the fault must still be found.
func wantDenied(t *testing.T, err error) {
	t.Helper()
	if err == nil || method.Unreachable(err).Code != fault.CodeEgressDenied {
		t.Errorf("got error %v, want %s", err, fault.CodeEgressDenied)
	}
}

func TestRebindingIsRefused(t *testing.T) {
	t.Parallel()
	port, hits := canary(t)
	c, reached := reaching(t, port, addresses(public), addresses("127.0.0.1"))
	target := fmt.Sprintf("https://rebind.vendor.com:%d/", port)
	if err := get(t, c, target); !errors.Is(err, errStop) {
		t.Fatalf("public answer: got %v, want it to be dialled", err)
	}
	wantDenied(t, get(t, c, target))
	if diff := cmp.Diff([]string{public}, *reached); diff != "" {
		t.Errorf("dialled addresses (-want +got):\n%s", diff)
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("the loopback listener was reached %d times", n)
	}
}

func TestMixedAnswerReachesPublicAddressesOnly(t *testing.T) {
	t.Parallel()
	port, hits := canary(t)
	for _, answer := range [][]netip.Addr{addresses(public, "127.0.0.1"), addresses("127.0.0.1", public), addresses(public, "::1", "10.0.0.1")} {
		c, reached := reaching(t, port, answer)
		if err := get(t, c, fmt.Sprintf("https://multi.vendor.com:%d/", port)); err == nil {
			t.Errorf("%v: request succeeded", answer)
		}
		if slices.ContainsFunc(*reached, func(a string) bool { return a != public }) {
			t.Errorf("%v: dialled %v", answer, *reached)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("the loopback listener was reached %d times", n)
	}
}

func TestResolvedAddressIsRefused(t *testing.T) {
	t.Parallel()
	port, hits := canary(t)
	for _, ip := range []string{
		"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "fd00:ec2::254",
	} {
		c, reached := reaching(t, port, addresses(ip))
		wantDenied(t, get(t, c, fmt.Sprintf("https://inside.vendor.com:%d/", port)))
		if len(*reached) != 0 {
			t.Errorf("%s was dialled", ip)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("the loopback listener was reached %d times", n)
	}
}

func TestProxyOfEnvironmentIsIgnored(t *testing.T) {
	t.Parallel()
	c, reached := reaching(t, 443, addresses(public))
	if err := get(t, c, "https://api.vendor.com/"); !errors.Is(err, errStop) {
		t.Fatalf("got %v, want it to be dialled", err)
	}
	if diff := cmp.Diff([]string{public}, *reached); diff != "" {
		t.Errorf("dialled addresses (-want +got):\n%s", diff)
	}
}
