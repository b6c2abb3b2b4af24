package api

import (
	"strconv"
	"time"
)

// Tenant is a customer of the organization.
type Tenant struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	State     string    `json:"state" enum:"provisioning,ready,suspended,offboarding,removed"`
	KeyARN    string    `json:"keyArn,omitempty" doc:"The KMS key everything of this tenant is encrypted under."`
	KeyShared bool      `json:"keyShared,omitempty" doc:"Other tenants have the same KMS key: it is not disabled for one of them, and outlives them."`
	CreatedAt time.Time `json:"createdAt"`

	Suspension  *Suspension  `json:"suspension,omitempty"`
	Offboarding *Offboarding `json:"offboarding,omitempty"`
	Impact      *Impact      `json:"impact,omitempty" doc:"Of a dry run: what would happen."`
}

// Suspension says since when a tenant cannot be served, and why.
type Suspension struct {
	Since  time.Time `json:"since"`
	Reason string    `json:"reason" enum:"key_unavailable"`
}

// Offboarding is how far the removal of a tenant has come, and in the end the
// receipt of it.
type Offboarding struct {
	StartedAt     *time.Time        `json:"startedAt,omitempty"`
	StartedBy     string            `json:"startedBy,omitempty"`
	Steps         []OffboardingStep `json:"steps"`
	Irrevocable   []string          `json:"irrevocable,omitempty" doc:"Connections whose credential could not be revoked, at most 100: it has to be at the system."`
	KeyDeletionAt *time.Time        `json:"keyDeletionAt,omitempty" doc:"When KMS deletes the key. Nothing opens what is encrypted under it since it was disabled."`
	BackupsUntil  *time.Time        `json:"backupsUntil,omitempty" doc:"Of a tenant with a shared KMS key: until then the table could be restored with its wrapped data key, and with what that opens."`
	FinishedAt    *time.Time        `json:"finishedAt,omitempty"`
}

// OffboardingStep is one step of a removal.
type OffboardingStep struct {
	Step   string         `json:"step" enum:"blocked,flows,revoked,connections,templates,webhooks,settings,signing_keys,key_disabled,key_deletion,data_key"`
	At     *time.Time     `json:"at,omitempty" doc:"When it was done."`
	Counts map[string]int `json:"counts,omitempty" doc:"What it was done to; of blocked, what there was."`
}

// TenantDelete removes a tenant.
type TenantDelete struct {
	TenantID string `json:"-" path:"tenantId"`
	DryRun   bool   `json:"-" query:"dryRun" doc:"Only say what would go."`
}

// TenantCreate onboards a tenant and creates its keys.
type TenantCreate struct {
	IdempotencyKey string `json:"-" header:"Idempotency-Key" maxLength:"255"`
	ID             string `json:"id" pattern:"^[a-z0-9][a-z0-9_-]{0,62}$" doc:"The value of the tenant claim in this customer's tokens."`
	Name           string `json:"name" minLength:"1" maxLength:"120"`
}

// TenantRef names one tenant.
type TenantRef struct {
	TenantID string `json:"-" path:"tenantId"`
}

// TenantList asks for the tenants of the stage.
type TenantList struct{ Page }

// Tenants is one page of tenants.
type Tenants struct {
	Items      []Tenant `json:"items"`
	NextCursor string   `json:"nextCursor,omitempty"`
}

// Settings are a tenant's own choices.
type Settings struct {
	Reminders  Reminders `json:"reminders"`
	Notices    bool      `json:"notices" doc:"Admins are told by mail when a connection needs a person."`
	Stale      Stale     `json:"stale"`
	Admins     []string  `json:"admins" doc:"E-mail addresses that receive reminders and notices."`
	ReturnURLs []string  `json:"returnUrls" doc:"Pages a handoff may return to, compared exactly by origin and path."`
	Revision   int       `json:"revision"`
}

// ETag is the entity tag of the settings.
func (s Settings) ETag() string { return strconv.Quote(strconv.Itoa(s.Revision)) }

// Reminders say whether and when admins are warned before something expires.
type Reminders struct {
	Enabled    bool  `json:"enabled"`
	DaysBefore []int `json:"daysBefore,omitempty" maxItems:"8" doc:"Days before expiry, largest first. Default 14."`
	// RotationDays is the age from which a key without an expiry is to be rotated.
	RotationDays int `json:"rotationDays,omitempty" minimum:"-1" maximum:"3650" doc:"Age in days from which a key is to be rotated. Default 90, -1 never."`
}

// Stale says what becomes of connections that nobody uses.
type Stale struct {
	Days    int  `json:"days,omitempty" minimum:"0" maximum:"3650" doc:"Days since the last use from which a connection is stale; 0 never."`
	Disable bool `json:"disable,omitempty" doc:"Disable and revoke a stale connection two weeks after it was told."`
}

// SettingsPut replaces the settings.
type SettingsPut struct {
	IfMatch    string    `json:"-" header:"If-Match" maxLength:"64"`
	Reminders  Reminders `json:"reminders"`
	Notices    bool      `json:"notices,omitempty"`
	Stale      Stale     `json:"stale,omitzero"`
	Admins     []string  `json:"admins,omitempty" maxItems:"20"`
	ReturnURLs []string  `json:"returnUrls,omitempty" maxItems:"50"`
}

// AWSTrust is what a role in the tenant's AWS account must trust, and what makes
// such a role.
type AWSTrust struct {
	PrincipalARN       string            `json:"principalArn" doc:"Pattern of the roles that assume yours; for a condition on aws:PrincipalArn."`
	ExternalID         string            `json:"externalId" doc:"Yours alone; for a condition on sts:ExternalId. It is not a secret."`
	TrustPolicy        map[string]any    `json:"trustPolicy" doc:"The trust policy of a role, complete."`
	TemplateBody       string            `json:"templateBody" doc:"CloudFormation template of such a role."`
	TemplateParameters map[string]string `json:"templateParameters" doc:"Values of the template's parameters, but for the permissions, which you choose."`
	QuickCreateURL     string            `json:"quickCreateUrl,omitempty" doc:"Page of the AWS console that creates the role from the template."`
}

// Health says that the service answers.
type Health struct {
	Status string `json:"status" enum:"ok"`
	Stage  string `json:"stage"`
}

// Egress are the addresses that calls to systems come from.
type Egress struct {
	Static    bool     `json:"static" doc:"The addresses stay the same. Where there are none a system with an allowlist cannot be reached, unless it admits all."`
	Addresses []string `json:"addresses" doc:"IP addresses, to be entered in a system's allowlist."`
}
