package api

import (
	"encoding/json"
	"strconv"
)

// Connector is one external system of the catalog, as a page shows it.
type Connector struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Categories  []string     `json:"categories"`
	AuthSchemes []AuthScheme `json:"authSchemes"`
	Entities    []string     `json:"entities,omitempty"`
	RateLimit   string       `json:"rateLimit,omitempty" doc:"How the system limits calls, in a sentence."`
	Latency     string       `json:"latency,omitempty"`
	Network     string       `json:"network" enum:"public,allowlist,private" doc:"How the system is reached: allowlist is one that usually asks for the caller's IP addresses, private one that is not on the internet."`
	Logo        string       `json:"logo" doc:"A simple mark of our own, an SVG document with a title."`
	Guide       []GuideStep  `json:"guide,omitempty"`
	Sunsets     []Sunset     `json:"sunsets,omitempty"`
	Definition  any          `json:"definition,omitempty" doc:"Shown to the organization, of a connector it has defined itself."`
	Revision    int          `json:"revision,omitempty" doc:"Of a connector the organization has defined itself."`
	CheckedAt   string       `json:"checkedAt" format:"date" doc:"The day the oldest of the facts were read."`
}

// ETag is the version of a connector that the organization has defined, and
// empty for any other.
func (c Connector) ETag() string {
	if c.Revision == 0 {
		return ""
	}
	return strconv.Quote(strconv.Itoa(c.Revision))
}

// AuthScheme is one way a connector authenticates.
type AuthScheme struct {
	ID     string  `json:"id" doc:"Unique within the connector; usually the type."`
	Type   string  `json:"type"`
	Name   string  `json:"name"`
	Inputs []Input `json:"inputs,omitempty" doc:"What the connection must say about the account."`
	Fields []Input `json:"fields,omitempty" doc:"The members of a static credential."`
	Scopes []Scope `json:"scopes,omitempty"`
	// Form describes the members inputs and credential of the request that makes
	// a connection.
	Form     json.RawMessage `json:"form" doc:"JSON Schema (2020-12) of the members inputs and credential of the request that makes a connection."`
	Accounts bool            `json:"accounts,omitempty" doc:"After authenticating, a person chooses from the accounts the system lists."`
	Rotation []GuideStep     `json:"rotation,omitempty" doc:"How a new credential takes the place of the old one."`
}

// Input is one value a person gives.
type Input struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Help        string   `json:"help,omitempty"`
	Type        string   `json:"type" enum:"dns-label,host,server,port,url,path-segment,enum,text,secret,file"`
	Enum        []string `json:"enum,omitempty"`
	Pattern     string   `json:"pattern,omitempty"`
	Default     string   `json:"default,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Optional    bool     `json:"optional,omitempty"`
	Secret      bool     `json:"secret,omitempty"`
	Global      bool     `json:"global,omitempty" doc:"Usually given once, by the organization, with the template."`
	Docs        string   `json:"docs,omitempty" doc:"The provider's page on this value."`
}

// Scope is one permission the system grants.
type Scope struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Required    bool   `json:"required,omitempty"`
}

// GuideStep is one step of the setup guide, or of a rotation.
type GuideStep struct {
	Title string `json:"title"`
	Text  string `json:"text" doc:"Markdown without HTML."`
	URL   string `json:"url,omitempty"`
}

// Sunset is a dated change of how the system authenticates.
type Sunset struct {
	Date    string   `json:"date" format:"date"`
	Schemes []string `json:"schemes,omitempty" doc:"The auth schemes it concerns; all when absent."`
	What    string   `json:"what"`
	Action  string   `json:"action,omitempty"`
	Source  string   `json:"source,omitempty"`
}

// SunsetList pages through the tenants whose connections are looked at.
type SunsetList struct {
	Cursor string `json:"-" query:"cursor" maxLength:"2048" doc:"The nextCursor of the page before."`
	Limit  int    `json:"-" query:"limit" minimum:"1" maximum:"100" default:"20" doc:"How many tenants to look at for a page."`
}

// Sunsets are the dated changes of the systems in the catalog.
type Sunsets struct {
	Items      []SunsetHit `json:"items" doc:"By date. A later page repeats those that hit connections of further tenants."`
	NextCursor string      `json:"nextCursor,omitempty"`
}

// SunsetHit is a dated change with the connections that have to follow it.
type SunsetHit struct {
	Connector     string             `json:"connector"`
	ConnectorName string             `json:"connectorName"`
	Sunset        Sunset             `json:"sunset"`
	Connections   []SunsetConnection `json:"connections"`
}

// SunsetConnection is a connection that a dated change hits.
type SunsetConnection struct {
	Tenant      string `json:"tenant"`
	ID          string `json:"id"`
	Name        string `json:"name"`
	Environment string `json:"environment"`
	AuthScheme  string `json:"authScheme"`
}

// ConnectorPut defines a connector of the organization's own.
type ConnectorPut struct {
	ConnectorID string         `json:"-" path:"connectorId" pattern:"^own-[a-z0-9-]{1,60}$"`
	IfMatch     string         `json:"-" header:"If-Match" maxLength:"64" doc:"The ETag of the version to replace; absent for a new connector."`
	Definition  map[string]any `json:"definition" doc:"An entry in the form of the catalog: see connector.schema.json."`
}

// ConnectorChange names the version of a connector of the organization's own.
type ConnectorChange struct {
	ConnectorID string `json:"-" path:"connectorId" pattern:"^own-[a-z0-9-]{1,60}$"`
	IfMatch     string `json:"-" header:"If-Match" maxLength:"64"`
}

// ConnectorRef names one connector.
type ConnectorRef struct {
	ConnectorID string `json:"-" path:"connectorId"`
}

// ConnectorList filters the catalog.
type ConnectorList struct {
	Category   string `json:"-" query:"category" maxLength:"64"`
	AuthScheme string `json:"-" query:"authScheme" maxLength:"64"`
	Query      string `json:"-" query:"q" maxLength:"100" doc:"Words in the name or the description."`
}

// Connectors is the catalog.
type Connectors struct {
	Items []ConnectorCard `json:"items"`
}

// ConnectorCard is a connector in a list.
type ConnectorCard struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Categories  []string `json:"categories"`
	AuthSchemes []string `json:"authSchemes" doc:"Types of its auth schemes."`
	Logo        string   `json:"logo" doc:"A simple mark of our own, an SVG document with a title."`
}
