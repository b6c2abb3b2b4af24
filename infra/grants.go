package infra

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
)

// Names the functions and these policies must agree on. A tenant's key carries
// the stage as a tag, and every direct use of it names the tenant in the
// encryption context.
const (
	stageTag      = "tenon:stage"
	tenantTag     = "tenon:tenant"
	signingTag    = "tenon:signing-key"
	orphanTag     = "tenon:orphan-since"
	tenantContext = "tenon:tenant"
)

// validationContext is what Secrets Manager puts in place of the secret's ARN
// while it checks that the caller may use the key of a new secret.
const validationContext = "RequestToValidateKeyAccess"

// statements returns the exact permissions of one grant. The switch is
// exhaustive: a grant without a case is a mistake in the program.
func statements(g routes.Grant, p Props, d *data, of reach) []map[string]any {
	switch g {
	case routes.TableRead:
		return []map[string]any{
			allow([]string{"dynamodb:GetItem"}, []string{*d.table.AttrArn()}, of.tableKeys(sharedReads...)),
			allow([]string{"dynamodb:Query"}, []string{*d.table.AttrArn(), *d.table.AttrArn() + "/index/*"}, of.tableKeys(sharedReads...)),
			tableKeyUse(d, "kms:Decrypt", "kms:DescribeKey"),
		}
	case routes.TableWrite:
		return []map[string]any{
			allow([]string{"dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
				[]string{*d.table.AttrArn()}, of.tableKeys(sharedWrites...)),
			recordedStays(d),
			tableKeyUse(d, "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
		}
	case routes.TenantKeyUse:
		return []map[string]any{tenantKeyUse(p, of, "kms:Decrypt", "kms:GenerateDataKey")}
	case routes.TenantKeyNew:
		return append(tenantKeyNew(p), tenantKeyUse(p, of, "kms:GenerateDataKey"))
	case routes.TenantKeyEnd:
		return tenantKeyEnd(p)
	case routes.SigningKey:
		return []map[string]any{signingKeyUse(p, of)}
	case routes.SigningNew:
		return signingKeyNew(p, of)
	case routes.CursorKey:
		return []map[string]any{allow([]string{"kms:GenerateMac", "kms:VerifyMac"}, []string{*d.cursorKey.AttrArn()},
			condition{"StringEquals": {"kms:MacAlgorithm": "HMAC_SHA_256"}})}
	case routes.SecretRead:
		return []map[string]any{
			allow([]string{"secretsmanager:GetSecretValue"}, secrets(p, of), nil),
			secretKeyUse(p, secrets(p, of), "kms:Decrypt"),
		}
	case routes.SecretNew:
		return []map[string]any{
			allow([]string{"secretsmanager:CreateSecret", "secretsmanager:TagResource"}, ownSecrets(p, of), nil),
			secretKeyUse(p, append(ownSecrets(p, of), validationContext), "kms:Decrypt", "kms:GenerateDataKey"),
		}
	case routes.SecretPut:
		return []map[string]any{
			allow([]string{"secretsmanager:PutSecretValue"}, secrets(p, of), nil),
			secretKeyUse(p, secrets(p, of), "kms:Decrypt", "kms:GenerateDataKey"),
		}
	case routes.SecretLabel:
		return []map[string]any{allow([]string{"secretsmanager:DescribeSecret", "secretsmanager:UpdateSecretVersionStage"}, secrets(p, of), nil)}
	case routes.SecretDelete:
		return []map[string]any{allow([]string{"secretsmanager:DeleteSecret"}, ownSecrets(p, of), nil)}
	case routes.SecretList:
		// The action knows neither resources nor conditions.
		return []map[string]any{allow([]string{"secretsmanager:ListSecrets"}, []string{"*"}, nil)}
	case routes.SecretOrphan:
		return []map[string]any{
			allow([]string{"secretsmanager:TagResource", "secretsmanager:UntagResource"}, secrets(p, of),
				condition{"ForAllValues:StringEquals": {"aws:TagKeys": []string{orphanTag}}}),
			allow([]string{"secretsmanager:DeleteSecret"}, secrets(p, of),
				condition{"BoolIfExists": {"secretsmanager:ForceDeleteWithoutRecovery": "false"}}),
		}
	case routes.EventPut:
		return []map[string]any{allow([]string{"events:PutEvents"}, []string{*d.bus.AttrArn()}, nil)}
	case routes.MailSend:
		return mailSend(p)
	case routes.ProbeInvoke:
		return []map[string]any{allow([]string{"lambda:InvokeFunction"}, []string{arn("lambda", "function:"+p.name(routes.ServerProbe.Name))}, nil)}
	case routes.RoleAssume:
		return roleAssume()
	case routes.Egress, routes.QueueSend: // QueueSend is the matter of the stack that has the queues.
		return nil
	}
	panic(fmt.Sprintf("infra: grant %q has no statements", g))
}

// recordedStays keeps every function from changing or removing what the audit
// recorded and sealed. IAM cannot tell a PutItem that adds from one that
// replaces: such a one breaks the chain of seals. The heads of the chains, under
// #audit-head, are no records and do change.
func recordedStays(d *data) map[string]any {
	return denyWhen([]string{"dynamodb:DeleteItem", "dynamodb:UpdateItem"}, []string{*d.table.AttrArn()}, condition{
		"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": []string{"*#audit", "*#audit-seal"}},
	})
}

// tableKeyUse allows the table's key only through DynamoDB, which uses it with
// the caller's permissions.
func tableKeyUse(d *data, actions ...string) map[string]any {
	return allow(actions, []string{*d.tableKey.AttrArn()},
		condition{"StringEquals": {"kms:ViaService": service("dynamodb")}})
}

// tenantKeyUse is the direct use: data keys for what the table holds. The key
// must belong to the stage and the call must name a tenant.
func tenantKeyUse(p Props, of reach, actions ...string) map[string]any {
	when := condition{
		"StringEquals":             {"aws:ResourceTag/" + stageTag: p.Stage},
		"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": []string{tenantContext}},
		"Null":                     {"kms:ViaService": "true"}, // A service could be had to name a tenant, too.
	}
	if of == oneTenant {
		when["StringEquals"]["kms:EncryptionContext:"+tenantContext] = sharing
	}
	return allow(actions, []string{arn("kms", "key/*")}, when)
}

// secretKeyUse is the use through Secrets Manager, for secrets of the stage.
func secretKeyUse(p Props, secretARNs []string, actions ...string) map[string]any {
	return allow(actions, []string{arn("kms", "key/*")}, condition{
		"StringEquals": {
			"aws:ResourceTag/" + stageTag: p.Stage,
			"kms:ViaService":              service("secretsmanager"),
		},
		"StringLike": {"kms:EncryptionContext:SecretARN": secretARNs},
	})
}

// madeWithPolicy is the condition that the key's policy comes with it: KMS asks for
// no right to change it later, which no function has.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
var madeWithPolicy = map[string]any{"kms:BypassPolicyLockoutSafetyCheck": "true"}

// tenantKeyNew creates a tenant's key, where tenants do not share one. CreateKey
// names no resource, so the request must carry the stage's tag, and only the two
// tags may be set.
func tenantKeyNew(p Props) []map[string]any {
	if p.TenantKeyMode == SharedKey {
		return nil
	}
	requested := map[string]any{"aws:RequestTag/" + stageTag: p.Stage}
	tags := map[string]any{"aws:TagKeys": []string{stageTag, tenantTag}}
	tagged := condition{"StringEquals": {"aws:ResourceTag/" + stageTag: p.Stage}}
	alias := arn("kms", "alias/tenon/"+p.Stage+"/*")
	return []map[string]any{
		allow([]string{"kms:CreateKey"}, []string{"*"}, condition{
			"StringEquals": {
				"aws:RequestTag/" + stageTag: p.Stage,
				"kms:KeySpec":                "SYMMETRIC_DEFAULT",
				"kms:KeyUsage":               "ENCRYPT_DECRYPT",
			},
			"Bool":                      madeWithPolicy,
			"ForAllValues:StringEquals": tags,
		}),
		allow([]string{"kms:TagResource"}, []string{arn("kms", "key/*")},
			condition{"StringEquals": requested, "ForAllValues:StringEquals": tags}),
		// DescribeKey finds the key of an onboarding that a crash cut short.
		allow([]string{"kms:CreateAlias", "kms:DescribeKey"}, []string{alias}, nil),
		allow([]string{"kms:CreateAlias", "kms:DescribeKey", "kms:EnableKeyRotation"}, []string{arn("kms", "key/*")}, tagged),
	}
}

// mailSend allows the configured sender, verified as an address or by domain.
func mailSend(p Props) []map[string]any {
	if p.MailFrom == "" {
		return nil
	}
	_, domain, _ := strings.Cut(p.MailFrom, "@")
	return []map[string]any{allow([]string{"ses:SendEmail"},
		[]string{arn("ses", "identity/"+p.MailFrom), arn("ses", "identity/"+domain)},
		condition{"StringEquals": {"ses:FromAddress": p.MailFrom}})}
}

// roleAssume allows the roles of other accounts, and those only for somebody: a
// call without an external id could be for anybody. Roles of our own account may
// trust all of it, so that they are denied to whoever comes with one, whatever else
// is allowed; the function's own role for tenants wants none.
func roleAssume() []map[string]any {
	roles, forSomebody := "arn:"+*awscdk.Aws_PARTITION()+":iam::", condition{"Null": {"sts:ExternalId": "false"}}
	return []map[string]any{
		allow([]string{"sts:AssumeRole"}, []string{roles + "*:role/*"}, forSomebody),
		denyWhen([]string{"sts:AssumeRole"}, []string{roles + *awscdk.Aws_ACCOUNT_ID() + ":role/*"}, forSomebody),
	}
}

// assumingPath is where the roles stand that assume those of tenants, so that a
// tenant can trust them and no other role of the account.
func assumingPath(p Props) string { return "/tenon/" + p.Stage + "/" }

// assumingRoles is the pattern of their ARNs.
func assumingRoles(p Props) string {
	return "arn:" + *awscdk.Aws_PARTITION() + ":iam::" + *awscdk.Aws_ACCOUNT_ID() + ":role" + assumingPath(p) + "*"
}

// secrets covers the secrets of the stage: of all tenants, or of a session's and of
// the organization, whose client secrets and shared credentials it refreshes.
func secrets(p Props, of reach) []string {
	if of == allTenants {
		return ownSecrets(p, of)
	}
	return append(ownSecrets(p, of), arn("secretsmanager", "secret:tenon/"+p.Stage+"/"+auth.Organization+"/*"))
}

// ownSecrets covers the secrets of all tenants, or of a session's alone.
func ownSecrets(p Props, of reach) []string {
	owner := "*"
	if of == oneTenant {
		owner = sessionTenant + "/*"
	}
	return []string{arn("secretsmanager", "secret:tenon/"+p.Stage+"/"+owner)}
}

// service is the name KMS knows a calling service by.
func service(name string) string { return name + "." + *awscdk.Aws_REGION() + ".amazonaws.com" }
