package api

// ScopeRequest is what a handoff asks for, compared with the one that brought the
// credential.
type ScopeRequest struct {
	Requested []string `json:"requested"`
	Added     []string `json:"added" doc:"Not asked for the last time."`
	Removed   []string `json:"removed" doc:"Asked for the last time, and not any more."`
}

// ConnectionScopes are the scopes of a connection: those there are, those that were
// asked for, those that the system granted and those that bindings of flows need.
type ConnectionScopes struct {
	Applies           bool            `json:"applies" doc:"The auth scheme has scopes. Of another, no scope is available or asked for; what the system says of a key's permissions is among granted."`
	Available         []Scope         `json:"available" doc:"What the connector knows, and what the template asks for besides."`
	Requested         []string        `json:"requested" doc:"Asked for by the request that brought the credential."`
	Granted           []string        `json:"granted"`
	GrantedReported   bool            `json:"grantedReported" doc:"The system said what it granted; else it is taken to be what was asked for (RFC 6749 5.1)."`
	Required          []RequiredScope `json:"required" doc:"Needed by bindings of flows."`
	ConnectorRequired []string        `json:"connectorRequired" doc:"The connector cannot work without them."`
	Missing           []string        `json:"missing" doc:"Needed by bindings or by the connector, and not granted."`
	Unused            []string        `json:"unused" doc:"Granted, and needed by neither."`
	Drift             []string        `json:"drift" doc:"What the next request asks for beyond the last one."`
	Dropped           []string        `json:"dropped" doc:"What the last request asked for and the next one leaves out."`
	Least             []string        `json:"least" doc:"Needed by the connector and by bindings: asked for with exact, the least that serves."`
	Reconsent         bool            `json:"reconsent" doc:"Somebody has to connect the account again before all that is asked for, or needed, is granted."`
	TemplateScopes    []string        `json:"templateScopes" doc:"What the template asks for, or the connector where the template names none."`
	OwnScopes         []string        `json:"ownScopes" doc:"What the connection asks for besides, or with exact instead."`
	Exact             bool            `json:"exact" doc:"ownScopes take the place of templateScopes."`
}

// RequiredScope is a scope that bindings need.
type RequiredScope struct {
	Scope string    `json:"scope"`
	Flows []FlowUse `json:"flows" doc:"At most 100."`
}
