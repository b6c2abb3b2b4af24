package infra

// signingKeyUse is signing for a tenant: a digest of a message of ours, with a
// key of the stage that was made for it.
func signingKeyUse(p Props, of reach) map[string]any {
	when := condition{
		"StringEquals": {
			"aws:ResourceTag/" + stageTag: p.Stage,
			"kms:MessageType":             "DIGEST",
			"kms:SigningAlgorithm":        []string{"RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PSS_SHA_256", "ECDSA_SHA_256"},
		},
		"Null": {"aws:ResourceTag/" + signingTag: "false"},
	}
	if of == oneTenant {
		when["StringEquals"]["aws:ResourceTag/"+tenantTag] = sharing
	}
	return allow([]string{"kms:Sign"}, []string{arn("kms", "key/*")}, when)
}

// signingKeyNew creates a signing key, as tenantKeyNew does a tenant's key.
func signingKeyNew(p Props, of reach) []map[string]any {
	requested := map[string]any{"aws:RequestTag/" + stageTag: p.Stage}
	created := map[string]any{
		"aws:RequestTag/" + stageTag: p.Stage,
		"kms:KeySpec":                []string{"ECC_NIST_P256", "RSA_2048", "RSA_3072", "RSA_4096"},
		"kms:KeyUsage":               "SIGN_VERIFY",
	}
	tagged, owner := map[string]any{"aws:ResourceTag/" + stageTag: p.Stage}, "*"
	if of == oneTenant {
		requested["aws:RequestTag/"+tenantTag], created["aws:RequestTag/"+tenantTag] = sessionTenant, sessionTenant
		tagged["aws:ResourceTag/"+tenantTag], owner = sessionTenant, sessionTenant+"/*"
	}
	tags := map[string]any{"aws:TagKeys": []string{stageTag, tenantTag, signingTag}}
	alias := arn("kms", "alias/tenon/"+p.Stage+"/"+owner)
	return []map[string]any{
		allow([]string{"kms:CreateKey"}, []string{"*"}, condition{"StringEquals": created, "Bool": madeWithPolicy, "ForAllValues:StringEquals": tags}),
		allow([]string{"kms:TagResource"}, []string{arn("kms", "key/*")},
			condition{"StringEquals": requested, "ForAllValues:StringEquals": tags}),
		// DescribeKey finds the key of a creation that a crash cut short.
		allow([]string{"kms:CreateAlias", "kms:DescribeKey"}, []string{alias}, nil),
		allow([]string{"kms:CreateAlias", "kms:DescribeKey", "kms:GetPublicKey"}, []string{arn("kms", "key/*")}, condition{"StringEquals": tagged}),
	}
}
