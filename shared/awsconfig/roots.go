package awsconfig

import (
	"crypto/x509"
	_ "embed" // For rootsPEM.
	"strings"
)

// rootsPEM are all roots of Amazon Trust Services, which names them and asks that
// none be left out: Amazon Root CA 1 to 4, and the one of Starfield.
// https://www.amazontrust.com/repository/
//
//go:embed roots.pem
var rootsPEM []byte

// roots are the authorities that vouch for the endpoints of AWS. To read the
// machine's own instead, some hundred and fifty in two places, is the dearest part
// of a cold start: ten milliseconds of CPU, of which a small function has a
// fourteenth. Nil means the machine's: where the process was told which to
// use, and for the partitions whose endpoints others may vouch for.
func roots(lookup func(string) (string, bool), region string) *x509.CertPool {
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
		if told, _ := lookup(name); told != "" {
			return nil
		}
	}
	if !vouched(region) {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(rootsPEM)
	return pool
}

// vouched reports whether Amazon's own authorities vouch for a region's endpoints.
func vouched(region string) bool {
	return !strings.HasPrefix(region, "cn-") && !strings.Contains(region, "-iso")
}
