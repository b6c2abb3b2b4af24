package api

import "time"

// SigningKey is a key of the tenant that signs for its connections. Its private
// half never leaves the key service.
type SigningKey struct {
	ID                    string     `json:"id" doc:"sgk_ and a ULID; kid in the key set and in what is signed."`
	Algorithm             string     `json:"algorithm" enum:"RS256,PS256,ES256"`
	KeySize               int        `json:"keySize" doc:"In bits."`
	State                 string     `json:"state" enum:"creating,active,retired" doc:"A key that stays creating was cut short: repeat the request with its Idempotency-Key, or retire it."`
	KeyARN                string     `json:"keyArn,omitempty" doc:"The KMS key."`
	Certificate           string     `json:"certificate,omitempty" doc:"Self-signed, PEM: for systems that want one to be uploaded."`
	CertificateThumbprint string     `json:"certificateThumbprint,omitempty" doc:"x5t#S256 of the certificate."`
	JWKThumbprint         string     `json:"jwkThumbprint,omitempty" doc:"Of the public key (RFC 7638), SHA-256."`
	JWKSURI               string     `json:"jwksUri" doc:"The tenant's key set: for systems that read it."`
	CreatedAt             time.Time  `json:"createdAt"`
	CreatedBy             string     `json:"createdBy"`
	ExpiresAt             *time.Time `json:"expiresAt,omitempty" doc:"End of the certificate."`
	RetiredAt             *time.Time `json:"retiredAt,omitempty"`
}

// SigningKeyCreate asks for a new signing key.
type SigningKeyCreate struct {
	IdempotencyKey string `json:"-" header:"Idempotency-Key" maxLength:"255"`
	Algorithm      string `json:"algorithm" enum:"RS256,PS256,ES256"`
	KeySize        int    `json:"keySize,omitempty" enum:"2048,3072,4096" doc:"Of an RSA key, in bits. Default 3072."`
	ValidDays      int    `json:"validDays,omitempty" minimum:"1" maximum:"729" doc:"How long the certificate is valid. Default 729."`
}

// Fingerprint is the same for the same request.
func (c SigningKeyCreate) Fingerprint() string {
	return fingerprint(c.Algorithm, c.KeySize, c.ValidDays)
}

// SigningKeyRef names one signing key.
type SigningKeyRef struct {
	SigningKeyID string `json:"-" path:"signingKeyId"`
}

// SigningKeys are the signing keys of the tenant, oldest first.
type SigningKeys struct {
	Items []SigningKey `json:"items"`
}

// KeySet is a JWK set (RFC 7517 5) of public keys.
type KeySet struct {
	Keys []PublicKey `json:"keys"`
}

// MediaType is that of a key set (RFC 7517 8.5.2).
func (KeySet) MediaType() string { return "application/jwk-set+json" }

// CacheControl lets readers keep a key set for five minutes.
func (KeySet) CacheControl() string { return "public, max-age=300" }

// PublicKey is a JWK (RFC 7517 4) of an RSA or EC key (RFC 7518 6).
type PublicKey struct {
	Type      string `json:"kty" enum:"RSA,EC"`
	ID        string `json:"kid"`
	Use       string `json:"use" enum:"sig"`
	Algorithm string `json:"alg" enum:"RS256,PS256,ES256"`
	N         string `json:"n,omitempty"`
	E         string `json:"e,omitempty"`
	Curve     string `json:"crv,omitempty"`
	X         string `json:"x,omitempty"`
	Y         string `json:"y,omitempty"`
}
