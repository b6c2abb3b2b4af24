// Package infra declares Tenon's AWS infrastructure: New adds CloudFormation
// stacks, made from the route table, to an app of the CDK. It may import routes,
// auth, environ and metric and nothing else of ours; its API is plain Go values, the
// CDK's pointers stay inside.
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

// The values of Props.RemovalPolicy: what happens to stateful resources when
// their stack is deleted.
const (
	Retain  = "retain"
	Destroy = "destroy"
)

// Props describe one deployment: a stage in a region. In cdk.json they stand
// under context.stages.<stage>.
type Props struct {
	Stage       string   `json:"-"`           // Key in cdk.json; part of every name.
	Region      string   `json:"-"`           // AWS region; empty is that of whoever deploys.
	Issuer      string   `json:"issuer"`      // OIDC issuer of the callers' tokens; empty with a UserPool.
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
	// Domain is what everything is served under; nil is the API's own name.
	Domain *Domain `json:"domain"`
	// UserPool is the issuer that the stage has of its own; nil is Issuer.
	UserPool      *UserPool `json:"userPool"`
	RemovalPolicy string    `json:"removalPolicy"` // Retain or Destroy.
	LogDays       int       `json:"logDays"`       // Retention of logs, a number CloudWatch Logs offers.
	Rate          int       `json:"rate"`          // Requests per second the API admits.
	Burst         int       `json:"burst"`         // Requests it admits at once.

	// TableName is a table, restored from a backup, that is used in place of the
	// stack's own (ADR 0052); empty is the stack's own.
	TableName string `json:"tableName"`

	// Tags are put on everything beside application and stage, for the bill.
	Tags map[string]string `json:"tags"`
	// MonthlyBudget in US dollars has AlarmEmail told when four fifths of it are
	// spent and when all of it will be; 0 watches nothing.
	MonthlyBudget int `json:"monthlyBudget"`

	// TenantKeyMode is KeyPerTenant, which empty is too, or SharedKey.
	TenantKeyMode string `json:"tenantKeyMode"`
	// BreakGlass are the ARNs of who may take on the role for emergencies with keys;
	// none makes no such role.
	BreakGlass []string `json:"breakGlass"`

	// PrivateNetwork is where server-probe stands; nil is outside of any, or with all
	// others that call systems.
	PrivateNetwork *PrivateNetwork `json:"privateNetwork"`
	// Egress is the network whose addresses calls to systems come from; nil has none
	// and costs nothing.
	Egress *Egress `json:"egress"`

	// Functions is the directory that holds <name>.zip of every function.
	Functions string `json:"functions"`
}

// Console says how people sign in to the console, and from where its files come.
type Console struct {
	// ClientID is a public OAuth client of the issuer with the redirect URI
	// <origin>/console/signed-in; empty means that nobody can sign in.
	ClientID string `json:"clientId"`
	// Origins are further ones that the issuer has its endpoints at, such as the
	// domain of a Cognito user pool.
	Origins []string `json:"origins"`
	// Scopes are what the console asks the issuer for, where that has names of its
	// own for them (api://tenon/.default); empty are the scopes by their names.
	Scopes []string `json:"scopes"`
	// Delivery is DeliveryFunction, which empty means, or DeliveryCloudFront.
	Delivery string `json:"delivery"`
}

// Validate returns every problem of the configuration, joined.
func (p Props) Validate() error {
	var found problems
	found.when(p.Stage == environ.LocalStage, "stage %q is a developer's machine and is never deployed", p.Stage)
	found.when(!stageName.MatchString(p.Stage), "stage %q: use 1 to 16 lower-case letters, digits and dashes", p.Stage)
	for _, origin := range p.CORSOrigins {
		found.when(!isOrigin(origin, false), "corsOrigins %q: an https origin without a path is needed", origin)
	}
	found.when(p.PublicURL != "" && !isOrigin(p.PublicURL, false), "publicUrl %q: an https origin without a path is needed", p.PublicURL)
	found.when(p.MailFrom != "" && !isAddress(p.MailFrom), "mailFrom %q: a plain e-mail address is needed", p.MailFrom)
	found.when(p.AlarmEmail != "" && !isAddress(p.AlarmEmail), "alarmEmail %q: a plain e-mail address is needed", p.AlarmEmail)
	found.when(p.AWSRoleTemplate != "" && !isOrigin(p.AWSRoleTemplate, true), "awsRoleTemplateUrl %q: an https URL is needed", p.AWSRoleTemplate)
	for _, address := range p.EgressAddresses {
		found.when(!isPublic(address), "egressAddresses %q: a public IP address is needed", address)
	}
	found.when(len(p.EgressAddresses) > mostAddresses, "egressAddresses: at most %d", mostAddresses)
	found.when(len(p.EgressAddresses) > 0 && p.Egress != nil, "egressAddresses are of a network of your own, and egress makes one: set one of the two")
	for _, origin := range p.Console.Origins {
		found.when(!isOrigin(origin, false), "console.origins %q: an https origin without a path is needed", origin)
	}
	found.when(p.RemovalPolicy != Retain && p.RemovalPolicy != Destroy, "removalPolicy %q: use %q or %q", p.RemovalPolicy, Retain, Destroy)
	found.when(p.RemovalPolicy == Destroy && p.Stage != DevStage, "removalPolicy %q is for stage %q only", Destroy, DevStage)
	found.when(!slices.Contains(retentions, p.LogDays), "logDays %d: use one of %v", p.LogDays, retentions)
	found.when(p.Rate < 1 || p.Burst < 1, "rate %d and burst %d: both must be positive", p.Rate, p.Burst)
	found.when(p.Region != "" && !regionName.MatchString(p.Region), "region %q: the name of an AWS region is needed", p.Region)
	found.when(p.MonthlyBudget < 0, "monthlyBudget %d: it cannot be negative", p.MonthlyBudget)
	found.when(p.MonthlyBudget > 0 && p.AlarmEmail == "", "monthlyBudget: alarmEmail is whom it tells, and is not set")
	found = append(found, tagProblems(p.Tags)...)
	found = append(found, tableProblems(p.TableName)...)
	found = append(found, keyModeProblems(p.TenantKeyMode)...)
	found = append(found, breakGlassProblems(p.BreakGlass)...)
	found = append(found, p.Egress.problems()...)
	found = append(found, p.signInProblems()...)
	found = append(found, p.Domain.problems(p)...)
	found = append(found, p.deliveryProblems()...)
	return errors.Join(append(found, p.PrivateNetwork.problems()...)...)
}

// Built reports, as one error, that a function's zip is missing.
func (p Props) Built() error {
	for _, r := range slices.Concat(routes.All(), routes.Optional()) {
		if _, err := os.Stat(p.code(r)); err != nil {
			return fmt.Errorf("functions are not built (%s is missing): run make build", p.code(r))
		}
	}
	return nil
}

// retentions are the days CloudWatch Logs accepts, up to two years.
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731}

// regionName is the form of names such as eu-central-1 and us-gov-west-1.
var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)

var stageName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,15}$`)

func (p Props) code(r *routes.Route) string { return filepath.Join(p.Functions, r.Name+".zip") }

// name is the physical name of a thing: tenon-<stage>-<what>.
func (p Props) name(what string) string { return "tenon-" + p.Stage + "-" + what }

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
