package api

import "time"

// ExpirationList asks for what ends, of the tenant.
type ExpirationList struct {
	Page
	WithinDays int    `json:"-" query:"withinDays" minimum:"1" maximum:"3650" default:"90" doc:"How many days ahead to look. What ended in the last thirty days is listed too."`
	Kind       string `json:"-" query:"kind" enum:"credential,certificate,refresh_token,client_secret,signing_key,sunset,rotation"`
}

// Expirations is one page of what ends, the earliest first.
type Expirations struct {
	Items      []Expiration `json:"items"`
	NextCursor string       `json:"nextCursor,omitempty"`
}

// Expiration is one date.
type Expiration struct {
	Kind           string     `json:"kind" enum:"credential,certificate,refresh_token,client_secret,signing_key,sunset,rotation" doc:"sunset: the system changes how it authenticates. rotation: a key without a known end is as old as keys may become."`
	ResourceID     string     `json:"resourceId" doc:"The connection, template or signing key; of a sunset the connector."`
	Name           string     `json:"name"`
	Connector      string     `json:"connector,omitempty"`
	Environment    string     `json:"environment,omitempty" enum:"production,test"`
	Date           time.Time  `json:"date"`
	DaysLeft       int        `json:"daysLeft" doc:"Whole days; negative for what has ended."`
	Renewal        string     `json:"renewal" enum:"automatic,person" doc:"automatic: the date moves on by itself as long as refreshing works, and nobody is reminded."`
	Remedy         string     `json:"remedy,omitempty" enum:"replace_credential,reconnect,replace_client_secret,replace_signing_key,follow_sunset"`
	NextReminderAt *time.Time `json:"nextReminderAt,omitempty" doc:"When the next reminder is due, where reminders are switched on."`
}
