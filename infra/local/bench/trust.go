package bench

import (
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
)

// trusting returns the variables with which a process trusts the certificate of a
// server, and no other; none for a server without.
func trusting(server *httptest.Server) (map[string]string, error) {
	certificate := server.Certificate()
	if certificate == nil {
		return nil, nil
	}
	file, err := os.CreateTemp("", "tenon-bench-*.pem")
	if err != nil {
		return nil, fmt.Errorf("file of the certificate: %w", err)
	}
	if err := pem.Encode(file, &pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw}); err != nil {
		return nil, fmt.Errorf("write the certificate: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("write the certificate: %w", err)
	}
	return map[string]string{"SSL_CERT_FILE": file.Name(), "SSL_CERT_DIR": "/nonexistent"}, nil
}

// forget removes the file of a certificate.
func forget(trust map[string]string) error {
	if trust == nil {
		return nil
	}
	return os.Remove(trust["SSL_CERT_FILE"])
}
