package catalog

// Outcome classifies how one call to a system went.
type Outcome string

// The outcomes. Only AuthError says that the credential itself was refused.
const (
	OK              Outcome = "ok"
	AuthError       Outcome = "auth_error"
	PermissionError Outcome = "permission_error"
	RateLimited     Outcome = "rate_limited"
	ProviderError   Outcome = "provider_error"
	NetworkError    Outcome = "network_error"
	TLSError        Outcome = "tls_error"
	Unknown         Outcome = "unknown"
)
