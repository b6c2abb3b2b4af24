package method_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// A file that holds a certificate together with its key is what many systems
// hand out. What is shown of it is the certificate.
func TestShownCertificateHoldsNoKey(t *testing.T) {
	t.Parallel()
	given := generated(t)
	certificate, key := given["certificate"].Reveal(), given["privateKey"].Reveal()
	torn := strings.Replace(key, "-----END PRIVATE KEY-----", "", 1) // No parser sees a block in it.
	for name, file := range map[string]string{"key first": key + certificate, "key last": certificate + key, "torn key": torn + certificate} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both := map[string]secret.Bytes{"certificate": secret.FromString(file), "privateKey": given["privateKey"]}
			if got := (method.ClientCertificate{}).Describe(both).PublicKey; got != certificate {
				t.Errorf("client_certificate shows %d bytes of which %d are the certificate", len(got), len(certificate))
			}
			login := map[string]secret.Bytes{"username": secret.FromString("ann"), "clientCertificate": secret.FromString(file), "clientKey": given["privateKey"]}
			if got := (method.Database{}).Describe(login).PublicKey; got != certificate {
				t.Errorf("database shows %d bytes of which %d are the certificate", len(got), len(certificate))
			}
		})
	}
}
