package api

import (
	"strconv"
	"time"
)

// WebhookEndpoint is where a tenant has its events sent.
type WebhookEndpoint struct {
	ID                  string     `json:"id" doc:"whe_ and a ULID."`
	URL                 string     `json:"url"`
	Description         string     `json:"description,omitempty"`
	Events              []string   `json:"events" doc:"The types of event that are sent; none is all."`
	Enabled             bool       `json:"enabled"`
	DisabledAt          *time.Time `json:"disabledAt,omitempty"`
	DisabledReason      string     `json:"disabledReason,omitempty" enum:"failing,gone" doc:"Why the service disabled it: it took nothing for a day, or answered 410."`
	FailingSince        *time.Time `json:"failingSince,omitempty" doc:"The oldest failure since it last took an event."`
	Secret              string     `json:"secret,omitempty" doc:"whsec_ and base64: what events are signed with (https://www.standardwebhooks.com). Shown when it is made, and never again."`
	PreviousSecretUntil *time.Time `json:"previousSecretUntil,omitempty" doc:"Until when the secret that was replaced last signs too."`
	Revision            int        `json:"revision" doc:"Counts the changes; the ETag."`
	CreatedAt           time.Time  `json:"createdAt"`
	CreatedBy           string     `json:"createdBy"`
	UpdatedAt           time.Time  `json:"updatedAt"`
}

// ETag is the entity tag of the endpoint.
func (e WebhookEndpoint) ETag() string { return strconv.Quote(strconv.Itoa(e.Revision)) }

// WebhookEndpointCreate asks for a new endpoint.
type WebhookEndpointCreate struct {
	IdempotencyKey string   `json:"-" header:"Idempotency-Key" maxLength:"255" doc:"Makes the request safe to repeat; the answer to it is the same, with the secret."`
	URL            string   `json:"url" minLength:"1" maxLength:"2048" doc:"A public https URL with a name and port 443."`
	Description    string   `json:"description,omitempty" maxLength:"200"`
	Events         []string `json:"events,omitempty" maxItems:"40" doc:"The types of event to send; all when absent."`
}

// Fingerprint is the same for the same request.
func (c WebhookEndpointCreate) Fingerprint() string {
	return fingerprint(c.URL, c.Description, c.Events)
}

// WebhookEndpointRef names one endpoint.
type WebhookEndpointRef struct {
	WebhookEndpointID string `json:"-" path:"webhookEndpointId"`
}

// WebhookEndpointChange names an endpoint and the version the caller saw.
type WebhookEndpointChange struct {
	WebhookEndpointID string `json:"-" path:"webhookEndpointId"`
	IfMatch           string `json:"-" header:"If-Match" maxLength:"64"`
}

// WebhookEndpointUpdate changes what a person may change; absent members stay.
type WebhookEndpointUpdate struct {
	WebhookEndpointID string    `json:"-" path:"webhookEndpointId"`
	IfMatch           string    `json:"-" header:"If-Match" maxLength:"64"`
	URL               *string   `json:"url,omitempty" minLength:"1" maxLength:"2048"`
	Description       *string   `json:"description,omitempty" maxLength:"200"`
	Events            *[]string `json:"events,omitempty" maxItems:"40" doc:"None sends all."`
	Enabled           *bool     `json:"enabled,omitempty" doc:"Enabling forgets that it failed. What is still to be sent when it is disabled is dropped."`
}

// WebhookEndpoints are the endpoints of the tenant, oldest first.
type WebhookEndpoints struct {
	Items []WebhookEndpoint `json:"items"`
}

// WebhookTested says how a test went.
type WebhookTested struct {
	EventID    string `json:"eventId" doc:"The webhook-id of what was sent."`
	Outcome    string `json:"outcome" enum:"delivered,redirected,rejected,gone,rate_limited,server_error,timeout,tls_error,unreachable,egress_denied"`
	StatusCode int    `json:"statusCode,omitempty" doc:"Of the answer, if there was one."`
	DurationMs int64  `json:"durationMs"`
}

// DeliveryList asks for what was and is sent to an endpoint, newest event first.
type DeliveryList struct {
	WebhookEndpointID string `json:"-" path:"webhookEndpointId"`
	Page
}

// Delivery is one event on its way to an endpoint.
type Delivery struct {
	EventID       string     `json:"eventId"`
	Type          string     `json:"type"`
	Resource      string     `json:"resource" doc:"What the event is about."`
	State         string     `json:"state" enum:"pending,delivered,failed,dropped" doc:"failed: given up after a day, or 410. dropped: the endpoint was disabled or wants no such events any more."`
	Attempts      int        `json:"attempts"`
	StatusCode    int        `json:"statusCode,omitempty" doc:"Of the last answer, if there was one."`
	Outcome       string     `json:"outcome,omitempty" enum:"delivered,redirected,rejected,gone,rate_limited,server_error,timeout,tls_error,unreachable,egress_denied,unsigned,unwanted" doc:"Of the last attempt. unsigned: the tenant's key could not be used, and nothing was sent."`
	DurationMs    int64      `json:"durationMs" doc:"Of the last attempt."`
	CreatedAt     time.Time  `json:"createdAt"`
	AttemptedAt   *time.Time `json:"attemptedAt,omitempty" doc:"The last attempt."`
	NextAttemptAt *time.Time `json:"nextAttemptAt,omitempty"`
}

// Deliveries is one page of deliveries, kept for 30 days.
type Deliveries struct {
	Items      []Delivery `json:"items"`
	NextCursor string     `json:"nextCursor,omitempty"`
}
