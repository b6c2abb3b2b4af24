// Package infra declares Tenon's AWS infrastructure: CloudFormation stacks made
// from the route table. It may import routes and environ and nothing else
// of ours; its API is plain Go values, the CDK's pointers stay inside.
//
// Every resource is declared with its CloudFormation type, so the code, the
// template and the AWS documentation use the same words (ADR 0011).
package infra

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// DevStage is the stage of the committed templates and the only one whose
// table may be deleted without first lifting its deletion protection.
const DevStage = "dev"

// The values of Config.RemovalPolicy: what happens to stateful resources when
// their stack is deleted.
const (
	Retain  = "retain"
	Destroy = "destroy"
)

// Config describes one deployment. In cdk.json it stands under
// context.stages.<stage>.
type Config struct {
	Stage       string   `json:"-"`           // Key in cdk.json; part of every name.
	Issuer      string   `json:"issuer"`      // OIDC issuer of the callers' tokens.
	Audience    string   `json:"audience"`    // Audience those tokens must carry.
	TenantClaim string   `json:"tenantClaim"` // Claim that holds the tenant.
	CORSOrigins []string `json:"corsOrigins"` // Origins of browser applications; none turns CORS off.
	PublicURL   string   `json:"publicUrl"`   // Origin under an own domain; empty means the API's own.
	MailFrom    string   `json:"mailFrom"`    // Verified SES sender of reminders; empty sends none.
	AlarmEmail  string   `json:"alarmEmail"`  // Subscribed to the alarm topic; empty subscribes nobody.
	// AWSRoleTemplate is the S3 URL of shared/tenant/aws_role.yaml, for links that
	// create a tenant's role with one click; empty makes no such links.
	AWSRoleTemplate string `json:"awsRoleTemplateUrl"`
	// EgressAddresses are the IP addresses that calls to systems come from, where
	// the network of the account sees to it that they stay the same.
	EgressAddresses []string `json:"egressAddresses"`
	Console         Console  `json:"console"`
	RemovalPolicy   string   `json:"removalPolicy"` // Retain or Destroy.
	LogDays         int      `json:"logDays"`       // Retention of logs, a number CloudWatch Logs offers.
	Rate            int      `json:"rate"`          // Requests per second the API admits.
	Burst           int      `json:"burst"`         // Requests it admits at once.

	// PrivateNetwork is where server-probe stands; nil is outside of any.
	PrivateNetwork *PrivateNetwork `json:"privateNetwork"`

	// Functions is the directory that holds <name>.zip of every function.
	Functions string `json:"functions"`
}

// Console says how people sign in to the console.
type Console struct {
	// ClientID is a public OAuth client of the issuer with the redirect URI
	// <origin>/console/signed-in; empty means that nobody can sign in.
	ClientID string `json:"clientId"`
	// Origins are further ones that the issuer has its endpoints at, such as the
	// domain of a Cognito user pool.
	Origins []string `json:"origins"`
}

// Validate returns every problem of the configuration, joined.
func (c Config) Validate() error {
	var problems []error
	problem := func(wrong bool, format string, args ...any) {
		if wrong {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	problem(c.Stage == environ.LocalStage, "stage %q is a developer's machine and is never deployed", c.Stage)
	problem(!stageName.MatchString(c.Stage), "stage %q: use 1 to 16 lower-case letters, digits and dashes", c.Stage)
	problem(!isOrigin(c.Issuer, true), "issuer %q: an https URL is needed", c.Issuer)
	problem(c.Audience == "", "audience is not set")
	problem(c.TenantClaim == "", "tenantClaim is not set")
	for _, origin := range c.CORSOrigins {
		problem(!isOrigin(origin, false), "corsOrigins %q: an https origin without a path is needed", origin)
	}
	problem(c.PublicURL != "" && !isOrigin(c.PublicURL, false), "publicUrl %q: an https origin without a path is needed", c.PublicURL)
	problem(c.MailFrom != "" && !isAddress(c.MailFrom), "mailFrom %q: a plain e-mail address is needed", c.MailFrom)
	problem(c.AlarmEmail != "" && !isAddress(c.AlarmEmail), "alarmEmail %q: a plain e-mail address is needed", c.AlarmEmail)
	problem(c.AWSRoleTemplate != "" && !isOrigin(c.AWSRoleTemplate, true), "awsRoleTemplateUrl %q: an https URL is needed", c.AWSRoleTemplate)
	for _, address := range c.EgressAddresses {
		problem(!isPublic(address), "egressAddresses %q: a public IP address is needed", address)
	}
	for _, origin := range c.Console.Origins {
		problem(!isOrigin(origin, false), "console.origins %q: an https origin without a path is needed", origin)
	}
	problem(c.RemovalPolicy != Retain && c.RemovalPolicy != Destroy, "removalPolicy %q: use %q or %q", c.RemovalPolicy, Retain, Destroy)
	problem(c.RemovalPolicy == Destroy && c.Stage != DevStage, "removalPolicy %q is for stage %q only", Destroy, DevStage)
	problem(!slices.Contains(retentions, c.LogDays), "logDays %d: use one of %v", c.LogDays, retentions)
	problem(c.Rate < 1 || c.Burst < 1, "rate %d and burst %d: both must be positive", c.Rate, c.Burst)
	return errors.Join(append(problems, c.PrivateNetwork.problems()...)...)
}

// Built reports, as one error, that a function's zip is missing.
func (c Config) Built() error {
	for _, r := range routes.All() {
		if _, err := os.Stat(c.code(r)); err != nil {
			return fmt.Errorf("functions are not built (%s is missing): run make build", c.code(r))
		}
	}
	return nil
}

// retentions are the days CloudWatch Logs accepts, up to two years.
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731}

var stageName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,15}$`)

func (c Config) code(r *routes.Route) string { return filepath.Join(c.Functions, r.Name+".zip") }

// name is the physical name of a thing: tenon-<stage>-<what>.
func (c Config) name(what string) string { return "tenon-" + c.Stage + "-" + what }

func isOrigin(raw string, path bool) bool {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" || !hostForm.MatchString(u.Host) || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return false
	}
	return path || u.Path == ""
}

// hostForm matches a host, and a port behind it. What else a URL may have there
// would be read as something else in a list or in a content security policy.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)

// isPublic reports whether the text is an address that others can see calls come
// from.
func isPublic(text string) bool {
	a, err := netip.ParseAddr(text)
	return err == nil && a.Zone() == "" && a.IsGlobalUnicast() && !a.IsPrivate()
}

func isAddress(s string) bool {
	local, domain, found := strings.Cut(s, "@")
	return found && local != "" && strings.Contains(domain, ".") && !strings.ContainsAny(s, " <>,*?")
}
