package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

const (
	secretLength = 32
	secretPrefix = "whsec_"
	grace        = 24 * time.Hour // How long a replaced secret signs too.
	maxSecrets   = 5              // That sign at once.
)

// signature is the value of webhook-signature: one "v1," and base64 of
// HMAC-SHA-256 for every secret, with spaces between.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
func signature(secrets []secret.Bytes, id string, at time.Time, body []byte) string {
	var all []string
	for _, s := range secrets {
		mac := hmac.New(sha256.New, []byte(s.Reveal()))
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		mac.Write(body)
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(all, " ")
}

// shown is a secret as receivers know it.
func shown(s secret.Bytes) secret.Bytes {
	return secret.FromString(secretPrefix + base64.StdEncoding.EncodeToString([]byte(s.Reveal())))
}

// draw makes a secret and seals it.
func (s *Service) draw(ctx context.Context, tenant, endpointID string, version int) (secret.Bytes, Secret, error) {
	drawn := make([]byte, secretLength)
	if _, err := io.ReadFull(s.Random, drawn); err != nil {
		return secret.Bytes{}, Secret{}, fmt.Errorf("draw signing secret: %w", err)
	}
	plain := secret.New(drawn)
	sealed, err := s.Sealer.Seal(ctx, place(tenant, endpointID, version), plain)
	return plain, Secret{Version: version, Sealed: sealed}, err
}

func place(tenant, endpointID string, version int) vault.Place {
	return vault.Place{Tenant: tenant, Resource: endpointID, Purpose: vault.PurposeWebhook, Version: version}
}

// open returns the secrets that sign at a time, the newest first.
func open(ctx context.Context, sealer *vault.Sealer, e Endpoint, at time.Time) ([]secret.Bytes, error) {
	var all []secret.Bytes
	for _, s := range e.Secrets {
		if !s.signs(at) {
			continue
		}
		plain, err := sealer.Open(ctx, place(e.Tenant, e.ID, s.Version), s.Sealed)
		if err != nil {
			return nil, fmt.Errorf("open signing secret of %s: %w", e.ID, err)
		}
		all = append(all, plain)
	}
	return all, nil
}

func (s Secret) signs(at time.Time) bool { return s.Until.IsZero() || at.Before(s.Until) }
