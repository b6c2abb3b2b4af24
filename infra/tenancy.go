package infra

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// reach is whose data a role reaches: that of every tenant, or of the one its
// session is tagged with.
type reach bool

const (
	allTenants reach = false
	oneTenant  reach = true
)

// sessionTenant is the policy variable for the tenant that a session is for.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
const sessionTenant = "${aws:PrincipalTag/" + tenantTag + "}"

// dataGrants are those that reach tenants' data. A function that serves one tenant
// at a time has them by a second role.
var dataGrants = []routes.Grant{
	routes.TableRead, routes.TableWrite, routes.TenantKeyUse, routes.SecretRead, routes.SecretNew, routes.SecretPut,
	routes.SecretLabel, routes.SecretDelete, routes.SigningKey, routes.SigningNew,
}

// granted divides a function's grants into those of its own role and those of the
// role that it assumes for one tenant, if it does.
func granted(r *routes.Route) (own, tenants []routes.Grant) {
	for _, g := range r.Grants {
		if r.Tenanted() && slices.Contains(dataGrants, g) {
			tenants = append(tenants, g)
		} else {
			own = append(own, g)
		}
	}
	return own, tenants
}

// addTenantRole declares the role that a function assumes for one tenant, named by
// the session's tag, and returns its ARN. The trust policy names the function's
// role, which needs no permission of its own then. Empty: the function has no use
// for one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
func (a *api) addTenantRole(r *routes.Route, function awsiam.CfnRole) string {
	_, grants := granted(r)
	if len(grants) == 0 {
		return ""
	}
	var allowed []map[string]any
	for _, g := range grants {
		allowed = append(allowed, statements(g, a.props, a.data, oneTenant)...)
	}
	trust := map[string]any{
		"Effect": "Allow", "Action": []string{"sts:AssumeRole", "sts:TagSession"},
		"Principal": map[string]any{"AWS": *function.AttrArn()},
		"Condition": condition{
			"StringLike":                {"aws:RequestTag/" + tenantTag: "?*"},
			"ForAllValues:StringEquals": {"aws:TagKeys": []string{tenantTag}},
		},
	}
	role := awsiam.NewCfnRole(a.stack, jsii.String(logical(r.Name)+"TenantRole"), &awsiam.CfnRoleProps{
		AssumeRolePolicyDocument: policy(trust),
		Policies:                 inline("tenant", allowed),
	})
	return *role.AttrArn()
}

// tableKeys limits a statement on the table to partitions: of all tenants, or of the
// session's and those that it shares with the organization.
func (of reach) tableKeys(shared ...string) condition {
	if of == allTenants {
		return nil
	}
	return condition{
		"ForAllValues:StringLike": {"dynamodb:LeadingKeys": append([]string{sessionTenant, sessionTenant + "#*"}, shared...)},
		"Null":                    {"dynamodb:LeadingKeys": "false"}, // An empty set would match.
	}
}

// Partitions that a tenant's session reads beside its own: the organization's
// connectors, templates and shared connections, and what is kept before it is known
// whose it is, by ids that only its owner knows.
var sharedReads = []string{auth.Organization, auth.Organization + "#*", "handoff#*", "session#*", "browser#*"}

// sharedWrites are those that it also writes: who uses the organization's templates
// and connections, how those and its key are, which systems are down, and the
// record of all that.
var sharedWrites = []string{
	auth.Organization + "#audit", auth.Organization + "#audit-head", auth.Organization + "#connection", auth.Organization + "#connection-use#*",
	auth.Organization + "#outage", auth.Organization + "#template", auth.Organization + "#template-use#*", auth.Organization + "#tenant",
	"handoff#*", "session#*", "browser#*",
}

// sharing are the tenants whose keys a session may use.
var sharing = []string{sessionTenant, auth.Organization}
