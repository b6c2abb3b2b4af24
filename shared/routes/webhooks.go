package routes

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// Webhook endpoints, and what is sent to them.
var (
	WebhookEndpointCreate = operation[api.WebhookEndpointCreate, api.WebhookEndpoint](Route{
		Name: "webhook-endpoint-create", Method: "POST", Path: "/v1/webhook-endpoints", Scope: auth.SettingsWrite, Status: 201,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse},
		Summary: "Have the tenant's events sent to a URL; the answer shows the signing secret once.",
	})
	WebhookEndpointList = operation[api.None, api.WebhookEndpoints](Route{
		Name: "webhook-endpoint-list", Method: "GET", Path: "/v1/webhook-endpoints", Scope: auth.SettingsRead,
		Grants:  []Grant{TableRead},
		Summary: "List the tenant's webhook endpoints.",
	})
	WebhookEndpointGet = operation[api.WebhookEndpointRef, api.WebhookEndpoint](Route{
		Name: "webhook-endpoint-get", Method: "GET", Path: "/v1/webhook-endpoints/{webhookEndpointId}", Scope: auth.SettingsRead,
		Grants:  []Grant{TableRead},
		Summary: "Return one webhook endpoint.",
	})
	WebhookEndpointUpdate = operation[api.WebhookEndpointUpdate, api.WebhookEndpoint](Route{
		Name: "webhook-endpoint-update", Method: "PATCH", Path: "/v1/webhook-endpoints/{webhookEndpointId}", Scope: auth.SettingsWrite,
		Grants:  []Grant{TableRead, TableWrite},
		Summary: "Change, disable or enable a webhook endpoint.",
	})
	WebhookEndpointDelete = operation[api.WebhookEndpointChange, api.None](Route{
		Name: "webhook-endpoint-delete", Method: "DELETE", Path: "/v1/webhook-endpoints/{webhookEndpointId}", Scope: auth.SettingsWrite, Status: 204,
		Grants:  []Grant{TableRead, TableWrite},
		Repairs: true,
		Summary: "Delete a webhook endpoint; what is still to be sent to it is dropped.",
	})
	WebhookEndpointRotate = operation[api.WebhookEndpointChange, api.WebhookEndpoint](Route{
		Name: "webhook-endpoint-rotate", Method: "POST", Path: "/v1/webhook-endpoints/{webhookEndpointId}/rotate", Scope: auth.SettingsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse},
		Summary: "Give a webhook endpoint a new signing secret, shown once; the one before signs too for a day.",
	})
	WebhookEndpointTest = operation[api.WebhookEndpointRef, api.WebhookTested](Route{
		Name: "webhook-endpoint-test", Method: "POST", Path: "/v1/webhook-endpoints/{webhookEndpointId}/test", Scope: auth.SettingsWrite,
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, Egress},
		Timeout: 29 * time.Second,
		Summary: "Send webhook.test to a webhook endpoint now and say how it went.",
	})
	DeliveryList = operation[api.DeliveryList, api.Deliveries](Route{
		Name: "delivery-list", Method: "GET", Path: "/v1/webhook-endpoints/{webhookEndpointId}/deliveries", Scope: auth.SettingsRead,
		Grants:  []Grant{TableRead, CursorKey},
		Summary: "List what was and is sent to a webhook endpoint in the last 30 days, newest first.",
	})
)

// The consumers that bring events to those who want them.
var (
	QueueNotify = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-notify",
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, EventPut, MailSend, Egress},
		Memory:  256,
		Timeout: time.Minute,
		Queue: Queue{Batch: 10, Concurrency: 10, Events: []string{
			"connection.connected", "connection.promoted", "connection.account_changed", "connection.status", "connection.stale", "connection.deleted",
			"expiration.due", "rotation.due", "lease.anomaly", "kill_switch.finished", "audit.verified", "audit.broken",
			"template.client_refused", "webhook_endpoint.disabled", "webhook.test", "tenant.suspended", "tenant.resumed", "tenant.offboarded",
			"provider.outage", "provider.refusals", "egress.changed",
		}},
		Summary: "Send the events to the webhook endpoints and admins that want them.",
	})
	QueueDelivery = operation[api.Batch, api.BatchResult](Route{
		Name:    "queue-delivery",
		Grants:  []Grant{TableRead, TableWrite, TenantKeyUse, EventPut, MailSend, Egress},
		Memory:  256,
		Timeout: time.Minute,
		Queue:   Queue{Batch: 10, Concurrency: 20},
		Summary: "Send again what a webhook endpoint or the mail service did not take.",
	})
)
