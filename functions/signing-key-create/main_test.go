package main

import (
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestSigningKeyCreate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.SigningKeyCreate, handle(w.KeyMaking()))
	create := functionstest.Event("signing-key-create")
	var made api.SigningKey
	h.Replay(create).Want(201, `{
		"algorithm": "ES256", "keySize": 256, "state": "active", "createdAt": "2026-11-20T09:00:00Z", "createdBy": "acme/ann",
		"jwksUri": "https://api.tenon.example/v1/tenants/acme/jwks.json", "expiresAt": "2027-11-20T08:55:00Z"
	}`).Decode(&made)
	block, _ := pem.Decode([]byte(made.Certificate))
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil || certificate.Subject.CommonName != "Tenon test acme" {
		t.Errorf("got certificate %+v, %v", certificate, err)
	}
	if got, want := w.LastAudited(functionstest.Acme), "signing-key.create "+made.ID+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
	w.Unchanged(func() {
		h.Replay(create).Want(201, `{"id": "`+made.ID+`", "certificateThumbprint": "`+made.CertificateThumbprint+`"}`)
	})
	w.Unchanged(func() {
		h.WithBody(`{"algorithm":"PS256"}`).Replay(create).WantProblem(409, fault.CodeIdempotencyMismatch)
		h.WithHeader("idempotency-key", "").WithBody(`{"algorithm":"HS256"}`).Replay(create).WantProblem(400, fault.CodeValidationFailed).WantPointer("/algorithm")
		h.WithHeader("idempotency-key", "").WithBody(`{"algorithm":"ES256","keySize":2048}`).Replay(create).WantProblem(400, fault.CodeValidationFailed).WantPointer("/keySize")
		h.WithHeader("idempotency-key", "").WithBody(`{"algorithm":"ES256","validDays":730}`).Replay(create).WantProblem(400, fault.CodeValidationFailed).WantPointer("/validDays")
		h.As("unknown").Replay(create).WantProblem(409, fault.CodeTenantUnknown)
		h.Scoped(auth.SettingsRead).Replay(create).WantProblem(403, fault.CodeForbidden)
	})
}
