package templatetests_test

// A conditionalKind is a resource that a statement may name only under exactly
// these conditions, because the resource alone would be too wide.
type conditionalKind struct {
	kind       string
	targets    []string
	action     string // Prefix of the actions this holds for.
	conditions map[string]string
}

const (
	anyKey      = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"
	stageSecret = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:tenon/dev/*"
	identity    = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/"

	ofStage     = "StringEquals aws:ResourceTag/tenon:stage"
	ofTenant    = "Null aws:ResourceTag/tenon:tenant"
	forStage    = "StringEquals aws:RequestTag/tenon:stage"
	onlyTags    = "ForAllValues:StringEquals aws:TagKeys"
	via         = "StringEquals kms:ViaService"
	ofSecret    = "StringLike kms:EncryptionContext:SecretARN"
	viaSecrets  = "secretsmanager.${AWS::Region}.amazonaws.com"
	viaDynamoDB = "dynamodb.${AWS::Region}.amazonaws.com"
)

var conditionalKinds = []conditionalKind{
	{"recorded", []string{"${Table.Arn}"}, "dynamodb:", recordedStays},
	{"traces", []string{"*"}, "xray:Put", map[string]string{}},
	{"secret-names", []string{"*"}, "secretsmanager:ListSecrets", map[string]string{}},
	{"orphan-tag", []string{stageSecret}, "secretsmanager:TagResource", map[string]string{onlyTags: "tenon:orphan-since"}},
	{"orphan-tag", []string{stageSecret}, "secretsmanager:UntagResource", map[string]string{onlyTags: "tenon:orphan-since"}},
	{"secrets-recoverable", []string{stageSecret}, "secretsmanager:DeleteSecret", map[string]string{
		"BoolIfExists secretsmanager:ForceDeleteWithoutRecovery": "false",
	}},
	{"table-key", []string{"${TableKey.Arn}"}, "kms:", map[string]string{via: viaDynamoDB}},
	{"cursor-key", []string{"${CursorKey.Arn}"}, "kms:", map[string]string{"StringEquals kms:MacAlgorithm": "HMAC_SHA_256"}},
	{"tenant-key", []string{anyKey}, "kms:Decrypt", tenantNamed},
	{"tenant-key", []string{anyKey}, "kms:GenerateDataKey", tenantNamed},
	{"tenant-key-via-secrets", []string{anyKey}, "kms:Decrypt", secretKept},
	{"tenant-key-via-secrets", []string{anyKey}, "kms:GenerateDataKey", secretKept},
	{"tenant-key-of-new-secrets", []string{anyKey}, "kms:Decrypt", secretMade},
	{"tenant-key-of-new-secrets", []string{anyKey}, "kms:GenerateDataKey", secretMade},
	{"new-key", []string{"*"}, "kms:CreateKey", map[string]string{
		forStage: "dev", onlyTags: "tenon:stage tenon:tenant",
		"StringEquals kms:KeySpec": "SYMMETRIC_DEFAULT", "StringEquals kms:KeyUsage": "ENCRYPT_DECRYPT",
		"Bool kms:BypassPolicyLockoutSafetyCheck": "true",
	}},
	{"new-key", []string{anyKey}, "kms:TagResource", map[string]string{
		forStage: "dev", onlyTags: "tenon:stage tenon:tenant",
	}},
	{"stage-key", []string{anyKey}, "kms:CreateAlias", map[string]string{ofStage: "dev"}},
	{"stage-key", []string{anyKey}, "kms:EnableKeyRotation", map[string]string{ofStage: "dev"}},
	{"stage-key", []string{anyKey}, "kms:DescribeKey", map[string]string{ofStage: "dev"}},
	{"signing-key", []string{anyKey}, "kms:Sign", signing},
	{"new-signing-key", []string{"*"}, "kms:CreateKey", newSigning},
	{"new-signing-key", []string{anyKey}, "kms:TagResource", newSigningTags},
	{"stage-key", []string{anyKey}, "kms:GetPublicKey", map[string]string{ofStage: "dev"}},
	{"ending-key", []string{anyKey}, "kms:DisableKey", map[string]string{ofStage: "dev", ofTenant: "false"}},
	{"ending-key", []string{anyKey}, "kms:ScheduleKeyDeletion", map[string]string{
		ofStage: "dev", ofTenant: "false", "NumericGreaterThanEquals kms:ScheduleKeyDeletionPendingWindowInDays": "30",
	}},
	{"foreign-roles", []string{"arn:${AWS::Partition}:iam::*:role/*"}, "sts:AssumeRole", map[string]string{"Null sts:ExternalId": "false"}},
	{"not-own-roles", []string{"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"}, "sts:AssumeRole", map[string]string{
		"Effect": "Deny", "Null sts:ExternalId": "false",
	}},
	{"sender", []string{identity + "tenon@mail.example", identity + "mail.example"}, "ses:SendEmail", map[string]string{
		"StringEquals ses:FromAddress": "tenon@mail.example",
	}},
}

// recordedStays: no role changes or removes entries of the audit, or seals. The
// heads, under #audit-head, are matched by neither pattern.
var recordedStays = map[string]string{
	"Effect": "Deny", "ForAnyValue:StringLike dynamodb:LeadingKeys": "*#audit *#audit-seal",
}

// tenantNamed: a key of the stage, in a call that names a tenant.
var tenantNamed = map[string]string{
	ofStage: "dev", "ForAnyValue:StringEquals kms:EncryptionContextKeys": "tenon:tenant", "Null kms:ViaService": "true",
}

// secretKept: for what a secret of the stage holds, or is given.
var secretKept = map[string]string{ofStage: "dev", via: viaSecrets, ofSecret: stageSecret}

// secretMade: the same, and the check Secrets Manager makes of a new key.
var secretMade = map[string]string{
	ofStage: "dev", via: viaSecrets, ofSecret: stageSecret + " RequestToValidateKeyAccess",
}

// signing: a digest, by a signing key of the stage.
var signing = map[string]string{
	ofStage: "dev", "Null aws:ResourceTag/tenon:signing-key": "false", "StringEquals kms:MessageType": "DIGEST",
	"StringEquals kms:SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PSS_SHA_256 ECDSA_SHA_256",
}

// newSigning: a key for that alone, and newSigningTags what it is told apart by.
var newSigning = map[string]string{
	forStage: "dev", onlyTags: "tenon:stage tenon:tenant tenon:signing-key",
	"StringEquals kms:KeySpec": "ECC_NIST_P256 RSA_2048 RSA_3072 RSA_4096", "StringEquals kms:KeyUsage": "SIGN_VERIFY",
	"Bool kms:BypassPolicyLockoutSafetyCheck": "true",
}

var newSigningTags = map[string]string{forStage: "dev", onlyTags: "tenon:stage tenon:tenant tenon:signing-key"}
