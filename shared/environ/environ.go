// Package environ names the environment variables of every function. The
// functions read them here and the infrastructure sets them from here, so a
// variable cannot be set under one name and read under another. It depends on
// the standard library only.
package environ

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// Names of the variables.
const (
	Stage           = "TENON_STAGE"
	Table           = "TENON_TABLE"
	PublicURL       = "TENON_PUBLIC_URL"
	EventBus        = "TENON_EVENT_BUS"
	TenantClaim     = "TENON_TENANT_CLAIM"
	MailFrom        = "TENON_MAIL_FROM"
	CursorKey       = "TENON_CURSOR_KEY_ID"
	ServerProbe     = "TENON_SERVER_PROBE"
	PrivatePrefixes = "TENON_PRIVATE_PREFIXES"
	AssumingRoles   = "TENON_ASSUMING_ROLES"
	AWSRoleTemplate = "TENON_AWS_ROLE_TEMPLATE_URL"
	Queues          = "TENON_QUEUES"
	EgressAddresses = "TENON_EGRESS_ADDRESSES"
	Issuer          = "TENON_ISSUER"
	ConsoleClient   = "TENON_CONSOLE_CLIENT_ID"
	ConsoleOrigins  = "TENON_CONSOLE_ORIGINS"
	TenantKey       = "TENON_TENANT_KEY"
	ConsoleScopes   = "TENON_CONSOLE_SCOPES"
	TenantRole      = "TENON_TENANT_ROLE"
)

// LocalStage is the stage of a developer's machine. Only there may a function
// reach loopback addresses and plain HTTP; the infrastructure refuses to
// deploy a stage of this name.
const LocalStage = "local"

// Config is what a function knows about its deployment.
type Config struct {
	Stage       string // Name of the deployment: "dev", "eu-prod".
	Table       string // Name of the DynamoDB table.
	PublicURL   string // Origin of the API, no trailing slash; the base of redirect URIs.
	EventBus    string // Name of the EventBridge bus.
	TenantClaim string // JWT claim that holds the tenant.
	MailFrom    string // Sender of reminders; empty sends none.
	CursorKey   string // KMS key (HMAC) that authenticates cursors.
	ServerProbe string // Name of the function that logs in to servers; empty in a function that never asks it.

	// PrivatePrefixes are the addresses inside a private network that servers may
	// have; none allows public addresses only.
	PrivatePrefixes []netip.Prefix

	Queues map[string]string // URLs of the work queues by the names of their consumers; none in a function that sends nothing.

	// EgressAddresses are the addresses that calls to systems come from; none where
	// they change.
	EgressAddresses []string

	Issuer         string   // OIDC issuer of the callers' tokens.
	ConsoleClient  string   // OAuth client that the console signs people in with; empty where nobody can.
	ConsoleOrigins []string // Further origins the console asks for tokens, such as the domain of a user pool.
	// ConsoleScopes are what the console asks the issuer for, where that has names of
	// its own for the scopes; none asks for the scopes by their names.
	ConsoleScopes []string

	TenantRole string // ARN of the role that reaches the data of one tenant; empty where the function's own role does.

	AssumingRoles   string // ARN pattern of the roles that assume those of tenants.
	AWSRoleTemplate string // Where the template of a tenant's role lies in S3; empty for nowhere.

	TenantKey string // ARN of the KMS key that new tenants share; empty where each gets its own.
}

// Read returns the configuration that lookup (os.LookupEnv) finds. All missing
// variables are reported at once.
func Read(lookup func(string) (string, bool)) (Config, error) {
	var missing []error
	required := func(name string) string {
		v, ok := lookup(name)
		if !ok || v == "" {
			missing = append(missing, fmt.Errorf("environment variable %s is not set", name))
		}
		return v
	}
	optional := func(name string) string {
		v, _ := lookup(name)
		return v
	}
	c := Config{
		Stage: required(Stage), Table: required(Table), PublicURL: required(PublicURL),
		TenantClaim: required(TenantClaim), EventBus: optional(EventBus), MailFrom: optional(MailFrom),
		CursorKey: optional(CursorKey), ServerProbe: optional(ServerProbe),
		AssumingRoles: optional(AssumingRoles), AWSRoleTemplate: optional(AWSRoleTemplate),
		EgressAddresses: list(optional(EgressAddresses)), Issuer: optional(Issuer),
		ConsoleClient: optional(ConsoleClient), ConsoleOrigins: list(optional(ConsoleOrigins)),
		TenantKey:     optional(TenantKey),
		ConsoleScopes: list(optional(ConsoleScopes)),
		TenantRole:    optional(TenantRole),
	}
	var err error
	if c.PrivatePrefixes, err = ParsePrefixes(optional(PrivatePrefixes)); err != nil {
		missing = append(missing, fmt.Errorf("environment variable %s: %w", PrivatePrefixes, err))
	}
	if c.Queues, err = ParseQueues(optional(Queues)); err != nil {
		missing = append(missing, fmt.Errorf("environment variable %s: %w", Queues, err))
	}
	return c, errors.Join(missing...)
}

// list returns the values between commas.
func list(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(joined, ",")
}

// Account returns the AWS account of this deployment, where it is known.
func (c Config) Account() string { return c.rolePart(4) }

// Partition returns the AWS partition of this deployment, where it is known: "aws".
func (c Config) Partition() string { return c.rolePart(1) }

// rolePart returns a part of the ARN pattern of the assuming roles.
func (c Config) rolePart(i int) string {
	parts := strings.Split(c.AssumingRoles, ":")
	if len(parts) <= i {
		return ""
	}
	return parts[i]
}

// Local reports whether this is a developer's machine.
func (c Config) Local() bool { return c.Stage == LocalStage }
