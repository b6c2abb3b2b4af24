package webhook

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/secret"
)

// API returns what the API shows of an endpoint.
func (e Endpoint) API() api.WebhookEndpoint {
	out := api.WebhookEndpoint{
		ID: e.ID, URL: e.URL, Description: e.Description, Events: append([]string{}, e.Events...), Enabled: e.Enabled,
		DisabledAt: given(e.DisabledAt), DisabledReason: e.Reason, FailingSince: given(e.FailingAt),
		Revision: e.Revision, CreatedAt: e.CreatedAt, CreatedBy: e.CreatedBy, UpdatedAt: e.UpdatedAt,
	}
	if len(e.Secrets) > 1 {
		out.PreviousSecretUntil = given(e.Secrets[1].Until)
	}
	return out
}

// APIWith is API with the secret, where it is shown.
func (e Endpoint) APIWith(plain secret.Bytes) api.WebhookEndpoint {
	out := e.API()
	out.Secret = plain.Reveal()
	return out
}

// API returns what the API shows of a test.
func (r Result) API(eventID string) api.WebhookTested {
	return api.WebhookTested{EventID: eventID, Outcome: string(r.Outcome), StatusCode: r.Status, DurationMs: r.Took.Milliseconds()}
}

// NewFrom reads the request to create an endpoint.
func NewFrom(in api.WebhookEndpointCreate) New {
	return New{Key: in.IdempotencyKey, Fingerprint: in.Fingerprint(), URL: in.URL, Description: in.Description, Events: in.Events}
}

// ChangeFrom reads the request to change an endpoint.
func ChangeFrom(in api.WebhookEndpointUpdate) Change {
	return Change{URL: in.URL, Description: in.Description, Events: in.Events, Enabled: in.Enabled}
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
