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

// Advice returns the outcome in a sentence and what a person can do about it.
func (o Outcome) Advice() (message, remedy string) {
	switch o {
	case OK:
		return "The account answers and accepts the credential.", ""
	case AuthError:
		return "The system refused the credential.", "reconnect"
	case PermissionError:
		return "The system accepts the credential but lacks a permission.", "grant_permissions"
	case RateLimited:
		return "The system limits calls at the moment.", "retry"
	case ProviderError:
		return "The system has a problem at the moment.", "retry"
	case NetworkError:
		return "The system could not be reached.", "retry"
	case TLSError:
		return "No secure connection to the system could be made.", "fix_input"
	default:
		return "The system's answer was not the expected one.", "fix_input"
	}
}
