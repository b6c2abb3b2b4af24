package api

import "time"

// Provider is a system one of whose endpoints is in trouble, for all tenants alike.
type Provider struct {
	Provider string     `json:"provider" doc:"A connector, or for custom connectors the tenant that names the host, and the host."`
	Endpoint string     `json:"endpoint" enum:"token,api" doc:"token: where tokens are had. api: where connections are checked and called."`
	State    string     `json:"state" enum:",down,incident,recovering,refusing" doc:"down: nothing is sent but a probe now and then. incident: most connections to the API fail together, so they keep their status, and one is checked now and then. recovering: connections come back one after the other. refusing: it refuses more credentials than can be believed, so connections keep their status. Empty: none of these any more."`
	Since    *time.Time `json:"since,omitempty"`
	Until    *time.Time `json:"until,omitempty" doc:"When this ends by itself, where that is known."`
}

// Providers are the systems in trouble.
type Providers struct {
	Items []Provider `json:"items"`
}

// ProviderConfirm names a provider whose refusals are to be believed.
type ProviderConfirm struct {
	Provider string `json:"provider" minLength:"1" maxLength:"320"`
}
