package connect

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// NewFrom reads the request for a new connection.
func NewFrom(in api.ConnectionCreate) New {
	return New{
		Key: in.IdempotencyKey, Fingerprint: in.Fingerprint(),
		TemplateID: in.TemplateID, Name: in.Name, Environment: in.Environment,
		Labels: in.Labels, Inputs: in.Inputs, Credential: in.Credential, EndsAt: stated(in.CredentialExpiresAt), Account: in.Account,
	}
}

// TestCredentialFrom reads the request for a test credential.
func TestCredentialFrom(in api.TestCredentialsPut) TestCredential {
	return TestCredential{
		TemplateID: in.TemplateID, IfMatch: in.IfMatch, Name: in.Name, Inputs: in.Inputs, Credential: in.Credential, EndsAt: stated(in.CredentialExpiresAt),
	}
}

// API returns what the caller receives: the start link holds the one-time ticket,
// or the user code is one.
func (s Started) API() api.Handoff {
	return api.Handoff{
		HandoffID: s.Handoff.ID, StartURL: s.StartURL.Reveal(), ExpiresAt: s.Handoff.ExpiresAt,
		UserCode: s.UserCode.Reveal(), VerificationURL: s.Page, VerificationURLComplete: s.PageComplete.Reveal(),
	}
}

// AskFrom reads the request to start a handoff.
func AskFrom(in api.Authorize) Ask {
	return Ask{ConnectionID: in.ConnectionID, ReturnURL: in.ReturnURL, Scopes: in.Scopes, Exact: in.Exact, AllowAccountChange: in.AllowAccountChange, Account: in.Account}
}

// AnswerFrom reads the provider's answer from the visit of the redirect URI.
func AnswerFrom(caller auth.Caller, in api.OAuthCallback) Answer {
	return Answer{
		ContextID: in.ContextID, Query: in.Query, Language: browser.Language(in.Language), RequestID: caller.RequestID, SourceIP: caller.SourceIP,
		Cookie: func(handoffID string) string { return in.Cookies[CookieName(handoffID)] },
	}
}

// Put saves the credential that a request brings, or makes one, as it asks for.
func (s *Service) Put(ctx context.Context, caller auth.Caller, in api.CredentialPut) (connection.Connection, error) {
	given := offer{fields: in.Credential, endsAt: stated(in.CredentialExpiresAt)}
	switch {
	case in.Generate && len(in.Credential) > 0:
		return connection.Connection{}, &fault.Error{
			Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "A credential is either given or generated.", Remedy: "fix_input",
			Fields: []fault.Field{{Pointer: "/generate", Detail: "Must be absent where a credential is given."}},
		}
	case in.Generate:
		if err := given.check(s.Now()); err != nil {
			return connection.Connection{}, err
		}
		return s.GenerateCredential(ctx, caller, in.ConnectionID, in.IfMatch)
	case in.Mode == "staged":
		return s.stageOffer(ctx, caller, in.ConnectionID, in.IfMatch, given)
	default:
		return s.putOffer(ctx, caller, in.ConnectionID, in.IfMatch, given)
	}
}

// PromotionFrom returns the promotion a request asks for.
func PromotionFrom(in api.CredentialPromote) Promotion {
	p := Promotion{ConnectionID: in.ConnectionID, IfMatch: in.IfMatch, Version: in.Version, Grace: defaultGrace}
	if in.GraceSeconds != nil {
		p.Grace = time.Duration(*in.GraceSeconds) * time.Second
	}
	return p
}

func stated(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
