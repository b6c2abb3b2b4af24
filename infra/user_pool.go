package infra

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// UserPool asks for an issuer of the stage's own, a Cognito user pool (ADR 0048).
type UserPool struct {
	// DomainPrefix begins the host that people sign in at:
	// <prefix>.auth.<region>.amazoncognito.com. Nobody else in the region has it.
	DomainPrefix string `json:"domainPrefix"`
	// MFA is MFAOptional or MFARequired: a code of an authenticator.
	MFA            string          `json:"mfa"`
	MachineClients []MachineClient `json:"machineClients"`
}

// MachineClient is a program that acts for one tenant (RFC 6749 4.4).
type MachineClient struct {
	Name   string   `json:"name"`
	Tenant string   `json:"tenant"`
	Scopes []string `json:"scopes"` // Of shared/auth: connections:lease.
}

// The values of UserPool.MFA.
const (
	MFAOptional = "optional"
	MFARequired = "required"
)

// maxMachines keeps the clients, with the console's, within the audiences that an
// authorizer of API Gateway may have.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const maxMachines = 49

var (
	domainPrefix = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	machineName  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	tenantName   = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`) // That of package id.
)

// problems returns what is wrong with the pool; one that is not asked for has no
// problem.
func (u *UserPool) problems() []error {
	if u == nil {
		return nil
	}
	var found problems
	found.when(!domainPrefix.MatchString(u.DomainPrefix), "userPool domainPrefix %q: use lower-case letters, digits and dashes", u.DomainPrefix)
	for _, reserved := range []string{"aws", "amazon", "cognito"} {
		found.when(strings.Contains(u.DomainPrefix, reserved), "userPool domainPrefix %q: Cognito keeps %q for itself", u.DomainPrefix, reserved)
	}
	found.when(u.MFA != MFAOptional && u.MFA != MFARequired, "userPool mfa %q: use %q or %q", u.MFA, MFAOptional, MFARequired)
	found.when(len(u.MachineClients) > maxMachines, "userPool machineClients: %d, and %d are the most", len(u.MachineClients), maxMachines)
	names := map[string]bool{}
	for _, m := range u.MachineClients {
		found.when(!machineName.MatchString(m.Name), "userPool machineClients %q: the name is words of lower-case letters and digits joined by dashes", m.Name)
		found.when(names[m.Name], "userPool machineClients %q stands there twice", m.Name)
		names[m.Name] = true
		found.when(!tenantName.MatchString(m.Tenant), "userPool machineClients %s: tenant %q is not the id of one", m.Name, m.Tenant)
		found.when(len(m.Scopes) == 0, "userPool machineClients %s: scopes are needed", m.Name)
		for _, scope := range m.Scopes {
			found.when(!slices.Contains(auth.Allowed(m.Tenant, auth.Scopes()), scope), "userPool machineClients %s: no token of tenant %s has the scope %q", m.Name, m.Tenant, scope)
		}
	}
	return found
}

// pool is the user pool of a stage with the clients that programs have.
type pool struct {
	users    awscognito.CfnUserPool
	machines []awscognito.CfnUserPoolClient
	origin   string // Of the pages that people sign in at.
}

// addUserPool declares the pool, its groups and what may be asked of it. The
// function that makes its tokens has a name and no reference, because it is in a
// stack that refers to this one.
func (d *data) addUserPool(p Props) {
	if p.UserPool == nil {
		return
	}
	users := awscognito.NewCfnUserPool(d.stack, jsii.String("UserPool"), userPoolProps(p))
	users.ApplyRemovalPolicy(d.removal, nil)
	d.pool = &pool{users: users}
	for i, group := range auth.Groups() {
		awscognito.NewCfnUserPoolGroup(d.stack, jsii.String("UserPool"+logical(group)), &awscognito.CfnUserPoolGroupProps{
			UserPoolId: users.Ref(), GroupName: &group, Precedence: jsii.Number(i),
		})
	}
	awscognito.NewCfnUserPoolDomain(d.stack, jsii.String("UserPoolDomain"), &awscognito.CfnUserPoolDomainProps{
		UserPoolId: users.Ref(), Domain: &p.UserPool.DomainPrefix, ManagedLoginVersion: jsii.Number(2),
	})
	d.pool.origin = "https://" + p.UserPool.DomainPrefix + ".auth." + *awscdk.Aws_REGION() + ".amazoncognito.com"
	d.addMachineClients(p)
	output(d.stack, "UserPoolId", "Cognito user pool that people and programs of this stage sign in at.", *users.Ref())
}

// userPoolProps are those of a pool whose users administrators create. Access
// tokens with claims of ours need the Essentials plan.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
func userPoolProps(p Props) *awscognito.CfnUserPoolProps {
	protection, mfa := "ACTIVE", "OPTIONAL"
	if p.Stage == DevStage {
		protection = "INACTIVE"
	}
	if p.UserPool.MFA == MFARequired {
		mfa = "ON"
	}
	return &awscognito.CfnUserPoolProps{
		UserPoolName:           jsii.String("tenon-" + p.Stage),
		UserPoolTier:           jsii.String("ESSENTIALS"),
		DeletionProtection:     &protection,
		UsernameAttributes:     jsii.Strings("email"),
		UsernameConfiguration:  &awscognito.CfnUserPool_UsernameConfigurationProperty{CaseSensitive: false},
		AutoVerifiedAttributes: jsii.Strings("email"),
		AdminCreateUserConfig:  &awscognito.CfnUserPool_AdminCreateUserConfigProperty{AllowAdminCreateUserOnly: true},
		MfaConfiguration:       &mfa,
		EnabledMfas:            jsii.Strings("SOFTWARE_TOKEN_MFA"),
		Policies: &awscognito.CfnUserPool_PoliciesProperty{PasswordPolicy: &awscognito.CfnUserPool_PasswordPolicyProperty{
			MinimumLength: jsii.Number(14), PasswordHistorySize: jsii.Number(5), TemporaryPasswordValidityDays: jsii.Number(3),
			RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true,
		}},
		AccountRecoverySetting: &awscognito.CfnUserPool_AccountRecoverySettingProperty{
			RecoveryMechanisms: []any{&awscognito.CfnUserPool_RecoveryOptionProperty{Name: jsii.String("verified_email"), Priority: jsii.Number(1)}},
		},
		Schema: []any{&awscognito.CfnUserPool_SchemaAttributeProperty{
			Name: jsii.String(strings.TrimPrefix(auth.TenantAttribute, "custom:")), AttributeDataType: jsii.String("String"), Mutable: true,
			StringAttributeConstraints: &awscognito.CfnUserPool_StringAttributeConstraintsProperty{MinLength: jsii.String("1"), MaxLength: jsii.String("63")},
		}},
		LambdaConfig: &awscognito.CfnUserPool_LambdaConfigProperty{
			PreTokenGenerationConfig: &awscognito.CfnUserPool_PreTokenGenerationConfigProperty{
				LambdaArn: jsii.String(arn("lambda", "function:"+p.name(routes.UserPoolToken.Name))), LambdaVersion: jsii.String("V3_0"),
			},
		},
	}
}
