package awsconfig

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The roots are those that Amazon Trust Services names, by the fingerprints that
// it publishes (https://www.amazontrust.com/repository/), and there is time to
// replace them.
func TestRootsAreAmazons(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"Amazon Root CA 1": "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
		"Amazon Root CA 2": "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
		"Amazon Root CA 3": "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
		"Amazon Root CA 4": "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
		"Starfield Services Root Certificate Authority - G2": "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
	}
	got := map[string]string{}
	for rest := rootsPEM; len(rest) > 0; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			t.Fatal("roots.pem holds more than certificates")
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if c.NotAfter.Before(time.Now().AddDate(3, 0, 0)) {
			t.Errorf("%s ends %s", c.Subject.CommonName, c.NotAfter)
		}
		sum := sha256.Sum256(c.Raw)
		got[c.Subject.CommonName] = hex.EncodeToString(sum[:])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roots (-want +got):\n%s", diff)
	}
}

func TestRoots(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		region  string
		told    map[string]string
		machine bool
	}{
		"a region":          {"eu-central-1", nil, false},
		"GovCloud":          {"us-gov-west-1", nil, false},
		"China":             {"cn-north-1", nil, true},
		"an isolated one":   {"us-iso-east-1", nil, true},
		"told a file":       {"eu-central-1", map[string]string{"SSL_CERT_FILE": "/x.pem"}, true},
		"told a directory":  {"eu-central-1", map[string]string{"SSL_CERT_DIR": "/x"}, true},
		"told of no places": {"eu-central-1", map[string]string{"SSL_CERT_DIR": ""}, false},
	} {
		got := roots(func(name string) (string, bool) { v, ok := test.told[name]; return v, ok }, test.region)
		if (got == nil) != test.machine {
			t.Errorf("%s: the machine's roots are used: %t", name, got == nil)
		}
	}
}

// What is made of a configuration keeps its authorities, where they can vouch.
func TestRootsAreKept(t *testing.T) {
	t.Parallel()
	cfg, err := New(func(name string) (string, bool) {
		v, ok := map[string]string{"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}[name]
		return v, ok
	})
	if err != nil {
		t.Fatal(err)
	}
	amazon := cfg.HTTPClient.(client).inner.GetTransport().TLSClientConfig.RootCAs
	if amazon == nil {
		t.Fatal("the machine's roots are used")
	}
	if got := Once(cfg).HTTPClient.(client).inner.GetTransport(); !amazon.Equal(got.TLSClientConfig.RootCAs) || !got.DisableKeepAlives {
		t.Error("Once lost the roots")
	}
	if got := In(cfg, "eu-west-1"); got.Region != "eu-west-1" || got.HTTPClient != cfg.HTTPClient {
		t.Error("a region of the same partition has another client")
	}
	if got := In(cfg, "cn-north-1").HTTPClient.(client).inner.GetTransport().TLSClientConfig.RootCAs; got != nil {
		t.Error("Amazon's roots must vouch for China")
	}
}
