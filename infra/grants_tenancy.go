package infra

import "maps"

// deletionWindow is for how many days a key that is to be deleted can be had back.
const deletionWindow = 30

// longestWindow is the condition that a key which is to be deleted can be had back
// for as long as there is.
var longestWindow = condition{"NumericGreaterThanEquals": {"kms:ScheduleKeyDeletionPendingWindowInDays": deletionWindow}}

// ofTenants is the condition that a key is one of the stage's tenants, or a signing
// key of theirs: it carries a tenant's tag, which the stage's own keys do not.
func ofTenants(p Props, further condition) condition {
	when := condition{
		"StringEquals": {"aws:ResourceTag/" + stageTag: p.Stage},
		"Null":         {"aws:ResourceTag/" + tenantTag: "false"},
	}
	maps.Copy(when, further)
	return when
}

// tenantKeyEnd ends keys of tenants, and their signing keys. No function may cancel
// a deletion or enable a key; that is a person's, in the break-glass role.
func tenantKeyEnd(p Props) []map[string]any {
	keys := []string{arn("kms", "key/*")}
	return []map[string]any{
		// DescribeKey finds the key of an onboarding that a crash cut short.
		allow([]string{"kms:DescribeKey"}, []string{arn("kms", "alias/tenon/"+p.Stage+"/*")}, nil),
		allow([]string{"kms:DescribeKey"}, keys, condition{"StringEquals": {"aws:ResourceTag/" + stageTag: p.Stage}}),
		allow([]string{"kms:DisableKey"}, keys, ofTenants(p, nil)),
		allow([]string{"kms:ScheduleKeyDeletion"}, keys, ofTenants(p, longestWindow)),
	}
}
