package fault

// Code is the stable name of a problem: the last part of its type URI.
type Code string

// The published problem codes. A code is forever; its sentence may improve.
const (
	CodeInternal              Code = "internal"
	CodeInvalidBody           Code = "invalid_body"
	CodeValidationFailed      Code = "validation_failed"
	CodeInvalidCursor         Code = "invalid_cursor"
	CodeUnsupportedMedia      Code = "unsupported_media_type"
	CodeBodyTooLarge          Code = "body_too_large"
	CodeUnauthenticated       Code = "unauthenticated"
	CodeForbidden             Code = "forbidden"
	CodeNotFound              Code = "not_found"
	CodeTenantUnknown         Code = "tenant_unknown"
	CodeTenantExists          Code = "tenant_exists"
	CodeTenantRemoved         Code = "tenant_removed"
	CodeKeyUnavailable        Code = "key_unavailable"
	CodeConflict              Code = "conflict"
	CodePreconditionFailed    Code = "precondition_failed"
	CodePreconditionRequired  Code = "precondition_required"
	CodeIdempotencyMismatch   Code = "idempotency_mismatch"
	CodeIdempotencyPending    Code = "idempotency_in_progress"
	CodeTemplateInUse         Code = "template_in_use"
	CodeClientInUse           Code = "client_in_use"
	CodeStableKeyTaken        Code = "stable_key_taken"
	CodeConnectionDisabled    Code = "connection_disabled"
	CodeConnectionPending     Code = "connection_pending"
	CodeConnectionDeleting    Code = "connection_deleting"
	CodeCredentialUnavailable Code = "credential_unavailable"
	CodeReauthRequired        Code = "reauth_required"
	CodeVerificationFailed    Code = "verification_failed"
	CodeSchemeMismatch        Code = "auth_scheme_mismatch"
	CodeHandoffInvalid        Code = "oauth_state_invalid"
	CodeHandoffUsed           Code = "oauth_state_used"
	CodeHandoffExpired        Code = "oauth_state_expired"
	CodeSessionMismatch       Code = "oauth_session_mismatch"
	CodeUserMismatch          Code = "oauth_user_mismatch"
	CodeContextMismatch       Code = "oauth_context_mismatch"
	CodeIssuerMismatch        Code = "oauth_issuer_mismatch"
	CodeIDTokenInvalid        Code = "oauth_idtoken_invalid"
	CodeOAuthDenied           Code = "oauth_denied"
	CodeAccountMismatch       Code = "account_mismatch"
	CodeAccountRequired       Code = "account_required"
	CodeEgressDenied          Code = "egress_denied"
	CodeHostKeyUnconfirmed    Code = "host_key_unconfirmed"
	CodeProviderError         Code = "provider_error"
	CodeProviderTimeout       Code = "provider_timeout"
	CodeProviderTLS           Code = "provider_tls"
	CodeProviderUnavailable   Code = "provider_unavailable"
	CodeRateLimited           Code = "rate_limited"
	CodeRetryLater            Code = "retry_later"
	CodeKeyIntegrity          Code = "kms_integrity"
	CodeMethodNotAllowed      Code = "method_not_allowed"
	CodeLimitExceeded         Code = "limit_exceeded"
	CodeKillSwitch            Code = "kill_switch"
	CodeConnectionInUse       Code = "connection_in_use"
	CodeBindingRefused        Code = "binding_refused"
	CodeTemplateIncomplete    Code = "template_incomplete"
	CodeFlowPaused            Code = "flow_paused"
	CodeTestCredentialMissing Code = "test_credential_missing"
)

// Codes lists every code, for the document and the tests of the table.
func Codes() []Code {
	return []Code{
		CodeInternal, CodeInvalidBody, CodeValidationFailed, CodeInvalidCursor, CodeUnsupportedMedia, CodeBodyTooLarge,
		CodeUnauthenticated, CodeForbidden, CodeNotFound, CodeTenantUnknown, CodeTenantExists, CodeTenantRemoved, CodeKeyUnavailable, CodeConflict, CodePreconditionFailed,
		CodePreconditionRequired, CodeIdempotencyMismatch, CodeIdempotencyPending, CodeTemplateInUse, CodeClientInUse, CodeStableKeyTaken,
		CodeConnectionDisabled, CodeConnectionPending, CodeConnectionDeleting, CodeCredentialUnavailable, CodeReauthRequired,
		CodeVerificationFailed, CodeSchemeMismatch, CodeHandoffInvalid, CodeHandoffUsed, CodeHandoffExpired, CodeSessionMismatch,
		CodeUserMismatch, CodeContextMismatch, CodeIssuerMismatch, CodeIDTokenInvalid, CodeOAuthDenied, CodeAccountMismatch, CodeAccountRequired, CodeEgressDenied, CodeHostKeyUnconfirmed,
		CodeProviderError, CodeProviderTimeout, CodeProviderTLS, CodeProviderUnavailable, CodeRateLimited, CodeRetryLater,
		CodeKeyIntegrity, CodeMethodNotAllowed, CodeLimitExceeded, CodeKillSwitch, CodeConnectionInUse, CodeBindingRefused,
		CodeTemplateIncomplete,
		CodeFlowPaused, CodeTestCredentialMissing,
	}
}
