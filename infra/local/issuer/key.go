package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-jose/go-jose/v4"
)

const keyFile = "signing-key.json"

// openKey reads the private JWK in dir or creates it. The key is RSA because
// API Gateway's JWT authorizer accepts no other kind.
func openKey(dir string) (jose.JSONWebKey, error) {
	path := filepath.Join(dir, keyFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return createKey(path)
	}
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("read issuer key: %w", err)
	}
	var key jose.JSONWebKey
	if err := json.Unmarshal(data, &key); err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("issuer key %s is not a JWK", path)
	}
	if _, ok := key.Key.(*rsa.PrivateKey); !ok || !key.Valid() {
		return jose.JSONWebKey{}, fmt.Errorf("issuer key %s is not an RSA private key", path)
	}
	return key, nil
}

func createKey(path string) (jose.JSONWebKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("generate issuer key: %w", err)
	}
	digest := sha256.Sum256(x509.MarshalPKCS1PublicKey(&private.PublicKey))
	key := jose.JSONWebKey{
		Key:       private,
		KeyID:     base64.RawURLEncoding.EncodeToString(digest[:12]),
		Algorithm: string(jose.RS256),
		Use:       "sig",
	}
	data, err := json.Marshal(key)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("encode issuer key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("issuer directory: %w", err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("write issuer key: %w", err)
	}
	return key, nil
}
