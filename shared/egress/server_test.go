package egress_test

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/fault"
)

// serving returns d with a name server that answers the rounds, and the
// addresses it was about to connect to.
func serving(t *testing.T, d egress.Dialer, rounds ...[]netip.Addr) (egress.Dialer, *[]string) {
	t.Helper()
	var reached []string
	d.Resolver = resolver(t, rounds...)
	return d.Reaching(func(a netip.AddrPort) error {
		reached = append(reached, a.Addr().String())
		return errStop
	}), &reached
}

func connect(t *testing.T, d egress.Dialer, address string) error {
	t.Helper()
	c, err := d.DialContext(t.Context(), "tcp", address)
	if err == nil {
		c.Close()
	}
	return err
}

var networks = []netip.Prefix{
	netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fc00::/7"),
	// A list that is wrong opens nothing.
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("::/0"),
}

func TestSSR02ServerRebindingIsRefused(t *testing.T) {
	t.Parallel()
	port, hits := canary(t)
	d, reached := serving(t, egress.Dialer{InsecureLoopback: true}, addresses(public), addresses("127.0.0.1"))
	target := net.JoinHostPort("rebind.vendor.com", strconv.Itoa(int(port)))
	if err := connect(t, d, target); !errors.Is(err, errStop) {
		t.Fatalf("public answer: got %v, want it to be dialled", err)
	}
	if err := connect(t, d, target); !fault.Has(err, fault.CodeEgressDenied) {
		t.Errorf("got %v, want %s", err, fault.CodeEgressDenied)
	}
	if diff := cmp.Diff([]string{public}, *reached); diff != "" || hits.Load() != 0 {
		t.Errorf("%d hits on loopback; dialled addresses (-want +got):\n%s", hits.Load(), diff)
	}
}

func TestSSR03ServerOfMixedAddresses(t *testing.T) {
	t.Parallel()
	for _, answer := range [][]netip.Addr{addresses(public, "127.0.0.1"), addresses("127.0.0.1", public), addresses(public, "::1", "10.0.0.1")} {
		d, reached := serving(t, egress.Dialer{}, answer)
		if err := connect(t, d, "multi.vendor.com:5432"); err == nil {
			t.Errorf("%v: connected", answer)
		}
		if slices.ContainsFunc(*reached, func(a string) bool { return a != public }) {
			t.Errorf("%v: dialled %v", answer, *reached)
		}
	}
}

func TestSSR04ServerAddresses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ip      string
		private bool // Allowed where the stage lists its network.
	}{
		{"10.20.1.1", true}, {"::ffff:10.20.1.1", true}, {"fd12::1", true},
		{"10.21.0.1", false}, {"192.168.0.1", false}, {"127.0.0.1", false}, {"::1", false}, {"0.0.0.0", false},
		{"169.254.169.254", false}, {"fe80::1", false}, {"fd00:ec2::254", false}, {"100.64.0.1", false},
		{"::ffff:169.254.169.254", false}, {"64:ff9b::a9fe:a9fe", false}, {"2002:a9fe:a9fe::", false},
	}
	for _, test := range tests {
		for _, d := range []egress.Dialer{{}, {Private: networks}} {
			want := len(d.Private) > 0 && test.private
			for _, host := range []string{"db.vendor.com", test.ip} {
				server, reached := serving(t, d, addresses(test.ip))
				err := connect(t, server, net.JoinHostPort(host, "5432"))
				if got := len(*reached) > 0; got != want || !want && !fault.Has(err, fault.CodeEgressDenied) {
					t.Errorf("%s for %s with %d networks: dialled %t, error %v", host, test.ip, len(d.Private), got, err)
				}
			}
		}
	}
}

func TestSSR10ServerNamesAndPorts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		address string
		d       egress.Dialer
		want    bool
	}{
		{"sftp.vendor.com:22", egress.Dialer{Ports: []uint16{22}}, true},
		{"sftp.vendor.com:22", egress.Dialer{}, false},
		{"db.vendor.com:25", egress.Dialer{Ports: []uint16{22}}, false},
		{"db.vendor.com:443", egress.Dialer{}, false},
		{"db.vendor.com:1023", egress.Dialer{}, false},
		{"db.vendor.com:1024", egress.Dialer{}, true},
		{"db.vendor.com:65535", egress.Dialer{}, true},
		{"db.vendor.com:65536", egress.Dialer{}, false},
		{"db.vendor.com:0", egress.Dialer{}, false},
		{"db.vendor.com:postgresql", egress.Dialer{}, false},
		{"acme.c1.eu-west-1.rds.amazonaws.com:5432", egress.Dialer{}, true},
		{"db.internal:5432", egress.Dialer{}, false},
		{"db.acme.internal:5432", egress.Dialer{Private: networks}, true},
		{"a.localhost:5432", egress.Dialer{Private: networks}, false},
		{"10.20.0.1.nip.io:5432", egress.Dialer{Private: networks}, false},
		{"localhost:5432", egress.Dialer{}, false},
		{"2130706433:5432", egress.Dialer{}, false},
		{"0x7f.1:5432", egress.Dialer{}, false},
		{"/tmp/.s.PGSQL:5432", egress.Dialer{}, false},
		{"a host=127.0.0.1:5432", egress.Dialer{}, false},
		{"[2606:4700:4700::1111%eth0]:5432", egress.Dialer{}, false},
		{"db.vendor.com", egress.Dialer{}, false},
	}
	for _, test := range tests {
		d, reached := serving(t, test.d, addresses(public))
		err := connect(t, d, test.address)
		if got := len(*reached) > 0; got != test.want || !test.want && !fault.Has(err, fault.CodeEgressDenied) {
			t.Errorf("%s: dialled %t, error %v", test.address, got, err)
		}
	}
	for _, network := range []string{"unix", "udp"} {
		if _, err := (egress.Dialer{InsecureLoopback: true}).DialContext(t.Context(), network, "127.0.0.1:5432"); err == nil {
			t.Errorf("%s: connected", network)
		}
	}
}
