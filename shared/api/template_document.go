package api

// TemplateExport asks for the definitions of the tenant's own templates.
type TemplateExport struct {
	StableKeys []string `json:"stableKeys,omitempty" minItems:"1" maxItems:"200" doc:"Which templates; all when absent."`
}

// TemplateDocument is what templates say in every stage. It holds no secret, no
// client and nothing that differs between two exports of the same templates, so it
// can be kept in git.
type TemplateDocument struct {
	Version    int                  `json:"version" minimum:"1" maximum:"1" doc:"Of this form."`
	Connectors []map[string]any     `json:"connectors,omitempty" maxItems:"50" doc:"Definitions of the organization's own connectors that the templates use, by id. Only the organization exports and imports them."`
	Templates  []TemplateDefinition `json:"templates" maxItems:"200" doc:"By stable key."`
}

// TemplateDefinition is what one template says in every stage.
type TemplateDefinition struct {
	StableKey   string            `json:"stableKey" pattern:"^[a-z0-9][a-z0-9-]{0,63}$" doc:"Matches the template of the other stage."`
	Connector   string            `json:"connector" minLength:"1" maxLength:"64"`
	Name        string            `json:"name" minLength:"1" maxLength:"120"`
	AuthScheme  string            `json:"authScheme" minLength:"1" maxLength:"64"`
	Credentials string            `json:"credentials" enum:"customer,organization"`
	SuppliedBy  string            `json:"suppliedBy" enum:"customer,organization"`
	Embedded    bool              `json:"embedded"`
	Scopes      []string          `json:"scopes,omitempty" maxItems:"200"`
	Inputs      map[string]string `json:"inputs,omitempty" maxProperties:"40"`
}

// TemplateImport brings templates in line with a document.
type TemplateImport struct {
	TemplateDocument
	DryRun bool                `json:"-" query:"dryRun" doc:"Answer what the import would do, and do nothing."`
	Keep   map[string][]string `json:"keep,omitempty" maxProperties:"200" doc:"By stable key, the inputs whose value in this stage stays where there is the template already."`
}

// TemplateImportResult says what an import did, or would do.
type TemplateImportResult struct {
	Applied  bool                   `json:"applied" doc:"The changes were made: false for a dry run, and where anything is refused, for then nothing is changed."`
	Changes  []TemplateImportChange `json:"changes" doc:"One for every member of the document, connectors first."`
	Todo     []TemplateImportTodo   `json:"todo,omitempty" doc:"What a person has to enter in this stage."`
	Complete bool                   `json:"complete" doc:"Nothing is refused and nothing is left to enter."`
}

// TemplateImportChange is what an import does to one template or connector.
type TemplateImportChange struct {
	Kind      string                 `json:"kind" enum:"template,connector"`
	StableKey string                 `json:"stableKey,omitempty" doc:"Of a template."`
	Connector string                 `json:"connector" doc:"Of the template, or the connector itself."`
	Action    string                 `json:"action" enum:"created,updated,unchanged,refused"`
	Fields    []TemplateImportField  `json:"fields,omitempty" doc:"What differs, where it is updated."`
	Problem   *TemplateImportProblem `json:"problem,omitempty" doc:"Why it is refused."`
}

// TemplateImportField is one difference between the stage and the document.
type TemplateImportField struct {
	Pointer string `json:"pointer" doc:"RFC 6901 pointer into the template or the connector."`
	From    string `json:"from,omitempty" doc:"Its value in this stage; absent for none, and for members of a connector."`
	To      string `json:"to,omitempty"`
}

// TemplateImportProblem is why one member of a document is refused.
type TemplateImportProblem struct {
	Code   string                `json:"code" doc:"Stable name of the problem."`
	Detail string                `json:"detail"`
	Errors []TemplateImportError `json:"errors,omitempty"`
}

// TemplateImportError is one member of the document that is wrong; its value is never
// repeated.
type TemplateImportError struct {
	Pointer string `json:"pointer" doc:"RFC 6901 pointer into the document."`
	Detail  string `json:"detail"`
}

// TemplateImportTodo is what a template of the document still needs in this stage.
type TemplateImportTodo struct {
	StableKey   string   `json:"stableKey"`
	TemplateID  string   `json:"templateId,omitempty" doc:"Absent in a dry run of what is not there yet."`
	Missing     []string `json:"missing" enum:"clientId,clientSecret"`
	RedirectURI string   `json:"redirectUri,omitempty" doc:"Register exactly this at the provider."`
}
