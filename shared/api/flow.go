package api

import (
	"strconv"
	"time"
)

// Flow is an integration that uses connections through named bindings.
type Flow struct {
	FlowID    string    `json:"flowId"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind" enum:"sync,steps"`
	State     string    `json:"state" enum:"active,paused"`
	Ready     *bool     `json:"ready,omitempty" doc:"Every binding names a connection that fits and can be used now. Lists leave it out."`
	Bindings  []Binding `json:"bindings"`
	Revision  int       `json:"revision" doc:"Counts every change; the ETag."`
	CreatedAt time.Time `json:"createdAt"`
	CreatedBy string    `json:"createdBy"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// ETag is the entity tag of the flow.
func (f Flow) ETag() string { return strconv.Quote(strconv.Itoa(f.Revision)) }

// Binding is one place of a flow where a connection belongs.
type Binding struct {
	Slot         string     `json:"slot"`
	Connector    string     `json:"connector"`
	Template     string     `json:"template,omitempty" doc:"Stable key of the template that the connection must be made from."`
	Environments []string   `json:"environments" doc:"The environments of connections that the binding accepts."`
	Scopes       []string   `json:"scopes,omitempty" doc:"What the connection must have been granted."`
	ConnectionID string     `json:"connectionId,omitempty" doc:"Absent while nothing is bound."`
	Organization bool       `json:"organization,omitempty" doc:"The connection is the organization's."`
	Status       string     `json:"status,omitempty" enum:"active,degraded,disabled,pending" doc:"Of the connection; absent when it is gone, and in lists."`
	Reason       string     `json:"reason,omitempty"`
	BoundAt      *time.Time `json:"boundAt,omitempty"`
	BoundBy      string     `json:"boundBy,omitempty"`
}

// FlowRef names one flow.
type FlowRef struct {
	FlowID string `json:"-" path:"flowId"`
}

// FlowChange names a flow and the version the caller saw.
type FlowChange struct {
	FlowID  string `json:"-" path:"flowId"`
	IfMatch string `json:"-" header:"If-Match" maxLength:"64"`
}

// FlowPut registers a flow, or replaces one.
type FlowPut struct {
	FlowID   string       `json:"-" path:"flowId"`
	IfMatch  string       `json:"-" header:"If-Match" maxLength:"64" doc:"Needed to replace a flow."`
	Name     string       `json:"name" minLength:"1" maxLength:"120"`
	Kind     string       `json:"kind,omitempty" enum:"sync,steps" default:"steps" doc:"A sync has exactly the slots source and destination."`
	State    string       `json:"state,omitempty" enum:"active,paused" default:"active" doc:"An active flow has a usable connection in every binding."`
	Bindings []BindingPut `json:"bindings" maxItems:"20"`
}

// BindingPut says what a binding accepts, and names its connection.
type BindingPut struct {
	Slot         string   `json:"slot" pattern:"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"`
	Connector    string   `json:"connector" minLength:"1" maxLength:"64"`
	Template     string   `json:"template,omitempty" pattern:"^[a-z0-9][a-z0-9-]{0,62}$" doc:"Stable key; any template of the connector when absent."`
	Environments []string `json:"environments,omitempty" maxItems:"2" enum:"production,test" doc:"Default production."`
	Scopes       []string `json:"scopes,omitempty" maxItems:"100"`
	ConnectionID string   `json:"connectionId,omitempty" pattern:"^con_[0-9A-HJKMNP-TV-Z]{26}$"`
}

// FlowUpdate renames, pauses or activates a flow; absent members stay.
type FlowUpdate struct {
	FlowID  string  `json:"-" path:"flowId"`
	IfMatch string  `json:"-" header:"If-Match" maxLength:"64"`
	Name    *string `json:"name,omitempty" minLength:"1" maxLength:"120"`
	State   *string `json:"state,omitempty" enum:"active,paused"`
}

// FlowList asks for the flows of the tenant.
type FlowList struct {
	Page
	Connector string `json:"-" query:"connector" maxLength:"64" doc:"Flows with a binding of this connector."`
	State     string `json:"-" query:"state" enum:"active,paused"`
}

// Flows is one page of flows.
type Flows struct {
	Items      []Flow `json:"items"`
	NextCursor string `json:"nextCursor,omitempty"`
}

// BindingChange names the connection of one binding.
type BindingChange struct {
	FlowID       string `json:"-" path:"flowId"`
	Slot         string `json:"-" path:"slot"`
	IfMatch      string `json:"-" header:"If-Match" maxLength:"64"`
	ConnectionID string `json:"connectionId" pattern:"^(con_[0-9A-HJKMNP-TV-Z]{26})?$" doc:"Empty unbinds, while the flow is paused."`
}

// CandidateList asks for the connections that a binding could name.
type CandidateList struct {
	Page
	FlowID string `json:"-" path:"flowId"`
	Slot   string `json:"-" path:"slot"`
}

// Candidates is one page of connections of the connector of a binding.
type Candidates struct {
	Items      []Candidate `json:"items"`
	NextCursor string      `json:"nextCursor,omitempty"`
}

// Candidate is a connection of the connector of a binding, and whether it fits. Of
// one of the organization no more is shown than this and its status.
type Candidate struct {
	ConnectionID string          `json:"connectionId"`
	Name         string          `json:"name"`
	Connector    string          `json:"connector"`
	Organization bool            `json:"organization,omitempty"`
	Environment  string          `json:"environment,omitempty" enum:"production,test"`
	Status       string          `json:"status" enum:"active,degraded,disabled,pending"`
	Reason       string          `json:"reason,omitempty"`
	Fits         bool            `json:"fits"`
	Refusal      *BindingRefusal `json:"refusal,omitempty" doc:"Why the binding does not accept it."`
}

// BindingRefusal says why a binding does not accept a connection.
type BindingRefusal struct {
	Code          string   `json:"code" enum:"test_credential,other_connector,other_template,environment_not_allowed,no_scopes,scopes_missing,not_connected"`
	Detail        string   `json:"detail"`
	Remedy        string   `json:"remedy,omitempty"`
	MissingScopes []string `json:"missingScopes,omitempty"`
}

// Rebind binds whatever is bound to one connection to another.
type Rebind struct {
	ConnectionID string   `json:"-" path:"connectionId"`
	DryRun       bool     `json:"-" query:"dryRun" doc:"Say what would happen and change nothing."`
	To           string   `json:"to" pattern:"^con_[0-9A-HJKMNP-TV-Z]{26}$"`
	Flows        []string `json:"flows,omitempty" maxItems:"500" doc:"Only these; of the organization's own connections, tenant/flow. All when absent."`
}

// Rebound says how far it has come. While it is not complete the same request goes
// on where it stopped; every flow has one or the other connection all the time.
type Rebound struct {
	Moved     []string `json:"moved" doc:"The flows that this request moved."`
	Left      []string `json:"left,omitempty" doc:"Flows that were changed meanwhile and do not accept the connection any more."`
	Remaining int      `json:"remaining" doc:"Flows that are still to be moved."`
	Complete  bool     `json:"complete"`
	Impact    *Impact  `json:"impact,omitempty" doc:"Of a dry run."`
}
