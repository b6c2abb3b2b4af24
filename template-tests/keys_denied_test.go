package templatetests_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cryptography are the operations that use a key or its ciphertexts.
func cryptography() []string {
	return []string{
		"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:GenerateDataKeyPair",
		"kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:DeriveSharedSecret",
	}
}

// TestCDK03TenantKeys: the key of a tenant is used in a call that names a
// tenant, or by Secrets Manager for a secret of the stage, and in no other way.
func TestCDK03TenantKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	otherStage := conditions{"aws:ResourceTag/tenon:stage": {"prod"}, "aws:ResourceTag/tenon:tenant": {"t1"}}
	via := func(service string, contextKeys ...string) conditions {
		return conditions{"kms:ViaService": {service + "." + region + ".amazonaws.com"}, "kms:EncryptionContextKeys": contextKeys}
	}
	for why, context := range map[string]conditions{
		"no encryption context":             taggedKey,
		"a context without the tenant":      with(taggedKey, conditions{"kms:EncryptionContextKeys": {"purpose"}}),
		"for an object":                     with(taggedKey, via("s3", "aws:s3:arn")),
		"for a parameter":                   with(taggedKey, via("ssm", "PARAMETER_ARN")),
		"for an item":                       with(taggedKey, via("dynamodb", "aws:dynamodb:tableName", "aws:dynamodb:subscriberId")),
		"for a secret of another stage":     with(taggedKey, viaSecret("arn:aws:secretsmanager:"+localARN+"secret:tenon/prod/t1/x")),
		"for a secret that is not of Tenon": with(taggedKey, viaSecret("arn:aws:secretsmanager:"+localARN+"secret:payroll")),
		"another stage's key":               with(otherStage, boundToOne),
		"another stage's key, for a secret": with(otherStage, viaSecret(secret)),
		"a key of nobody":                   boundToOne,
	} {
		w.nobodyMay(t, why, on(tenantKey, context, cryptography()...)...)
	}
	proper := slices.Concat(on(tenantKey, with(taggedKey, boundToOne), cryptography()...), on(tenantKey, with(taggedKey, viaSecret(secret)), cryptography()...))
	for _, c := range proper {
		if c.action != "kms:Decrypt" && c.action != "kms:GenerateDataKey" {
			w.nobodyMay(t, "not even as it should be", c)
		}
	}
}

// TestCDK03StageKeys: the table's key works for DynamoDB only, the log key for
// no role, and what is the stage's is not used as a tenant's.
func TestCDK03StageKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	table, log, cursor := w.names.arn("TableKey"), w.names.arn("LogKey"), w.names.arn("CursorKey")
	ofStage := conditions{"aws:ResourceTag/tenon:stage": {"dev"}}
	w.nobodyMay(t, "not through DynamoDB", on(table, nil, cryptography()...)...)
	w.nobodyMay(t, "for a secret", on(table, viaSecret("arn:aws:secretsmanager:"+localARN+"secret:payroll"), cryptography()...)...)
	for _, context := range []conditions{nil, ofStage, viaTable} {
		w.nobodyMay(t, "for logs", on(log, context, cryptography()...)...)
	}
	w.nobodyMay(t, "another algorithm", on(cursor, conditions{"kms:MacAlgorithm": {"HMAC_SHA_512"}}, "kms:GenerateMac", "kms:VerifyMac")...)
	for _, key := range []string{table, log, cursor} {
		w.nobodyMay(t, "the stage's key ends", on(key, with(ofStage, conditions{"kms:ScheduleKeyDeletionPendingWindowInDays": {"30"}}),
			"kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DeleteImportedKeyMaterial")...)
	}
}

// TestCDK03KeysEnd: one function ends keys of tenants, and leaves thirty days
// to have them back.
func TestCDK03KeysEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	within := func(days string) conditions {
		return with(taggedKey, conditions{"kms:ScheduleKeyDeletionPendingWindowInDays": {days}})
	}
	for _, c := range append(on(tenantKey, within("30"), "kms:ScheduleKeyDeletion"), on(tenantKey, taggedKey, "kms:DisableKey")...) {
		if diff := cmp.Diff([]string{"QueueTenancyRole"}, w.may(c)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.action, diff)
		}
	}
	w.nobodyMay(t, "too soon", on(tenantKey, within("7"), "kms:ScheduleKeyDeletion")...)
	w.nobodyMay(t, "no window", on(tenantKey, taggedKey, "kms:ScheduleKeyDeletion")...)
	w.nobodyMay(t, "a person's", on(tenantKey, taggedKey, "kms:CancelKeyDeletion", "kms:EnableKey", "kms:DisableKeyRotation")...)
}

// TestCDK03Signing: a signing key signs digests; a tenant's data key signs nothing.
func TestCDK03Signing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	algorithm := conditions{"kms:SigningAlgorithm": {"ECDSA_SHA_256"}}
	digest, raw := conditions{"kms:MessageType": {"DIGEST"}}, conditions{"kms:MessageType": {"RAW"}}
	w.nobodyMay(t, "a message", on(tenantKey, with(signingKey, algorithm, raw), "kms:Sign")...)
	w.nobodyMay(t, "not a signing key", on(tenantKey, with(taggedKey, algorithm, digest), "kms:Sign")...)
	w.nobodyMay(t, "another algorithm", on(tenantKey, with(signingKey, digest, conditions{"kms:SigningAlgorithm": {"RSASSA_PKCS1_V1_5_SHA_512"}}), "kms:Sign")...)
}
