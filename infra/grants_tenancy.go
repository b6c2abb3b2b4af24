package infra

// deletionWindow is for how many days a key that is to be deleted can be had back.
const deletionWindow = 30

// tenantKeyEnd ends keys of tenants, and their signing keys: those of the stage
// that carry a tenant's tag, which its own keys do not. Nobody here may cancel a
// deletion or enable a key; that is a person's, with the account's own rights.
func tenantKeyEnd(p Props) []map[string]any {
	of := func(conditions condition) condition {
		when := condition{
			"StringEquals": {"aws:ResourceTag/" + stageTag: p.Stage},
			"Null":         {"aws:ResourceTag/" + tenantTag: "false"},
		}
		for operator, values := range conditions {
			when[operator] = values
		}
		return when
	}
	keys := []string{arn("kms", "key/*")}
	return []map[string]any{
		// DescribeKey finds the key of an onboarding that a crash cut short.
		allow([]string{"kms:DescribeKey"}, []string{arn("kms", "alias/tenon/"+p.Stage+"/*")}, nil),
		allow([]string{"kms:DescribeKey"}, keys, condition{"StringEquals": {"aws:ResourceTag/" + stageTag: p.Stage}}),
		allow([]string{"kms:DisableKey"}, keys, of(nil)),
		allow([]string{"kms:ScheduleKeyDeletion"}, keys, of(condition{
			"NumericGreaterThanEquals": {"kms:ScheduleKeyDeletionPendingWindowInDays": deletionWindow},
		})),
	}
}
