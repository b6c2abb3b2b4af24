package environ_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/environ"
)

// A stage may open its private network and nothing that every network has.
func TestParsePrefixes(t *testing.T) {
	t.Parallel()
	for _, allowed := range []string{"", "10.0.0.0/8", "172.16.0.0/12,192.168.10.0/24", "10.1.2.3/32", "fd12:3456:789a::/48", "100.64.0.0/10"} {
		if got, err := environ.ParsePrefixes(allowed); err != nil || len(got) != len(strings.FieldsFunc(allowed, func(r rune) bool { return r == ',' })) {
			t.Errorf("%q: got %v, %v", allowed, got, err)
		}
	}
	for _, refused := range []string{
		"0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "8000::/1", // Everything, at once or in halves.
		"127.0.0.0/8", "127.0.0.1/32", "::1/128", "0.0.0.0/32",
		"169.254.0.0/16", "169.254.169.254/32", "169.254.170.2/32", "fe80::/10", "fe80::1/128",
		"fd00:ec2::254/128", "fd00::/8", "fc00::/7", // The last two hold the one before.
		"224.0.0.0/4", "255.255.255.255/32", "ff02::1/128",
		"::ffff:10.0.0.0/104", "::ffff:0:0/96", "64:ff9b::/96",
		"10.0.0.1/8", "10.0.0.0", "10.0.0.0/33", "vpc", ",", "10.0.0.0/8,", " 10.0.0.0/8", "10.0.0.0/8,169.254.169.254/32", "fe80::%eth0/64",
	} {
		if got, err := environ.ParsePrefixes(refused); err == nil {
			t.Errorf("%q: got %v, want a refusal", refused, got)
		}
	}
}

func TestReadRefusesPrefixes(t *testing.T) {
	t.Parallel()
	set := map[string]string{"TENON_PRIVATE_PREFIXES": "169.254.169.254/32"}
	for name, value := range complete {
		if _, given := set[name]; !given {
			set[name] = value
		}
	}
	if _, err := environ.Read(lookup(set)); err == nil || !strings.Contains(err.Error(), "TENON_PRIVATE_PREFIXES") {
		t.Errorf("got %v, want the variable named", err)
	}
}
