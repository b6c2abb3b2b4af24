package api

// Impact is what a dry run found: what would happen. Nothing was changed.
type Impact struct {
	Allowed     bool               `json:"allowed" doc:"Whether it would be done now."`
	Code        string             `json:"code,omitempty" doc:"Of the problem that would be the answer, where it would not be done."`
	Detail      string             `json:"detail,omitempty"`
	Flows       []FlowUse          `json:"flows,omitempty" doc:"The flows that use what would change, at most 100."`
	Connections []ConnectionEffect `json:"connections,omitempty" doc:"The connections that would change, at most 100."`
	Total       int                `json:"total,omitempty" doc:"Of the connections that would change."`
}

// FlowUse is the use of a connection by a binding of a flow.
type FlowUse struct {
	Tenant string   `json:"tenant,omitempty" doc:"Whose flow it is, where the connection is the organization's."`
	FlowID string   `json:"flowId"`
	Slot   string   `json:"slot"`
	Active bool     `json:"active"`
	Scopes []string `json:"scopes,omitempty" doc:"The scopes the binding requires."`
}

// ConnectionEffect is what a change of its template means for a connection.
type ConnectionEffect struct {
	Tenant       string `json:"tenant,omitempty"`
	ConnectionID string `json:"connectionId"`
	Effect       string `json:"effect" enum:"none,updated,reconsent" doc:"updated: it takes the change over by itself. reconsent: somebody has to connect it again for the change to take effect."`
	Reason       string `json:"reason,omitempty"`
}
