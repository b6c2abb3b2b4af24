package oidc

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The bounds of fetching a key set.
const (
	keysTimeout = 10 * time.Second
	keysLimit   = 1 << 20
)

// keys fetches a key set (RFC 7517 5). A handoff happens rarely, so it is
// fetched for each: a withdrawn key counts at once. The library's own fetching
// quotes the answer in its errors, and those are logged.
func (v Verifier) keys(ctx context.Context, address string) ([]crypto.PublicKey, error) {
	ctx, cancel := context.WithTimeout(ctx, keysTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("its URL is not valid")
	}
	req.Header.Set("Accept", "application/json")
	res, err := v.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("answered with status %d", res.StatusCode)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, keysLimit)).Decode(&set); err != nil {
		return nil, errors.New("answered with something else")
	}
	return usable(set.Keys), nil
}

// usable returns the public keys for signatures. A set may hold keys of kinds
// that are not known here; they are passed over (RFC 7517 5).
func usable(set []json.RawMessage) []crypto.PublicKey {
	var keys []crypto.PublicKey
	for _, raw := range set {
		var key jose.JSONWebKey
		if err := json.Unmarshal(raw, &key); err != nil || key.Use == "enc" {
			continue
		}
		switch key.Key.(type) {
		case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
			keys = append(keys, key.Key)
		}
	}
	return keys
}
