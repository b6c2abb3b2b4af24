package api

import "time"

// KillSwitchCreate cuts off a tenant, a connector of all tenants, or the stage.
type KillSwitchCreate struct {
	Scope     string `json:"scope" enum:"tenant,connector,stage"`
	Tenant    string `json:"tenant,omitempty" maxLength:"63" doc:"Of scope tenant."`
	Connector string `json:"connector,omitempty" maxLength:"64" doc:"Of scope connector."`
	Reason    string `json:"reason" minLength:"1" maxLength:"500" doc:"Why; it stands in the audit."`
	Confirm   string `json:"confirm" minLength:"1" maxLength:"64" doc:"The tenant, the connector or the name of the stage once more."`
}

// KillSwitch is an order to cut off, and how far it is carried out.
type KillSwitch struct {
	ID        string             `json:"id" doc:"kls_ and a ULID."`
	Scope     string             `json:"scope" enum:"tenant,connector,stage"`
	Tenant    string             `json:"tenant,omitempty"`
	Connector string             `json:"connector,omitempty"`
	Reason    string             `json:"reason"`
	State     string             `json:"state" enum:"cutting,done,lifting,lifted" doc:"cutting: credentials are being revoked and destroyed; leases are refused already. done: none is left. lifting: connections are being released to be reconnected."`
	Progress  KillSwitchProgress `json:"progress"`
	LiftedAt  *time.Time         `json:"liftedAt,omitempty"`
	LiftedBy  string             `json:"liftedBy,omitempty"`
}

// KillSwitchProgress counts the connections of the scope.
type KillSwitchProgress struct {
	Total             int        `json:"total" doc:"Connections found so far."`
	Disabled          int        `json:"disabled"`
	Revoked           int        `json:"revoked" doc:"The system has forgotten the token."`
	Irrevocable       int        `json:"irrevocable" doc:"The system could not be told, or refused: end the credential there."`
	PendingRevocation int        `json:"pendingRevocation" doc:"The system did not answer; it is told again, for hours."`
	Failed            int        `json:"failed" doc:"Not dealt with yet; they are tried again."`
	Done              bool       `json:"done" doc:"No connection of the scope has a credential any more."`
	StartedAt         time.Time  `json:"startedAt"`
	StartedBy         string     `json:"startedBy"`
	FinishedAt        *time.Time `json:"finishedAt,omitempty"`
}

// KillSwitchRef names one kill switch.
type KillSwitchRef struct {
	KillSwitchID string `json:"-" path:"killSwitchId"`
}

// KillSwitchList asks for the kill switches, oldest first.
type KillSwitchList struct{ Page }

// KillSwitches is one page of kill switches.
type KillSwitches struct {
	Items      []KillSwitch `json:"items"`
	NextCursor string       `json:"nextCursor,omitempty"`
}
