package templatetests_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	t.Parallel()
	data, _ := load(t)
	index := func(name, shard, due string) any {
		return object{"IndexName": name, "KeySchema": keys(shard, due), "Projection": object{"ProjectionType": "INCLUDE", "NonKeyAttributes": []any{"connector"}}}
	}
	var attributes []any
	for _, name := range []string{
		"pk", "sk", "refreshShard", "refreshDue", "healthShard", "healthDue",
		"expiryShard", "expiryDue", "pendingShard", "pendingDue", "deviceShard", "deviceDue", "reconcileShard", "reconcileDue",
		"statusShard", "statusDue", "deliveryShard", "deliveryDue", "sealShard", "sealDue",
		"tenancyShard", "tenancyDue", "ledger", "ledgerAt",
	} {
		attributes = append(attributes, object{"AttributeName": name, "AttributeType": "S"})
	}
	want := object{
		"AttributeDefinitions": attributes,
		"KeySchema":            keys("pk", "sk"),
		"BillingMode":          "PAY_PER_REQUEST",
		"SSESpecification": object{
			"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": object{"Fn::GetAtt": []any{"TableKey", "Arn"}},
		},
		"TimeToLiveSpecification":          object{"AttributeName": "ttl", "Enabled": true},
		"PointInTimeRecoverySpecification": object{"PointInTimeRecoveryEnabled": true},
		"DeletionProtectionEnabled":        false,
		"GlobalSecondaryIndexes": []any{
			index("refresh-due", "refreshShard", "refreshDue"),
			index("health-due", "healthShard", "healthDue"),
			index("expiry-due", "expiryShard", "expiryDue"),
			index("pending-due", "pendingShard", "pendingDue"),
			index("device-due", "deviceShard", "deviceDue"),
			index("reconcile-due", "reconcileShard", "reconcileDue"),
			index("status-due", "statusShard", "statusDue"),
			index("delivery-due", "deliveryShard", "deliveryDue"),
			index("seal-due", "sealShard", "sealDue"),
			index("tenancy-due", "tenancyShard", "tenancyDue"),
			object{"IndexName": "expirations", "KeySchema": keys("ledger", "ledgerAt"), "Projection": object{"ProjectionType": "KEYS_ONLY"}},
		},
	}
	if diff := cmp.Diff(want, data.Resources["Table"].Properties); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func keys(partition, sort string) []any {
	return []any{
		object{"AttributeName": partition, "KeyType": "HASH"},
		object{"AttributeName": sort, "KeyType": "RANGE"},
	}
}

// TestKeys: data keys rotate; the cursor key is an HMAC key, which cannot.
func TestKeys(t *testing.T) {
	t.Parallel()
	data, _ := load(t)
	for id, r := range data.ofType("AWS::KMS::Key") {
		p := r.Properties
		if id == "CursorKey" {
			if p["KeySpec"] != "HMAC_256" || p["KeyUsage"] != "GENERATE_VERIFY_MAC" {
				t.Errorf("%s is %v for %v", id, p["KeySpec"], p["KeyUsage"])
			}
			continue
		}
		if p["EnableKeyRotation"] != true {
			t.Errorf("%s does not rotate", id)
		}
	}
}

// TestLogGroups: logs are encrypted and do not stay for ever.
func TestLogGroups(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	groups := api.ofType("AWS::Logs::LogGroup")
	if want := len(api.ofType("AWS::Lambda::Function")) + 1; len(groups) != want {
		t.Errorf("%d log groups, want %d: one per function and the access log", len(groups), want)
	}
	for id, r := range groups {
		if key := api.text(r.Properties["KmsKeyId"]); key != "${LogKey.Arn}" {
			t.Errorf("%s is encrypted with %s", id, key)
		}
		if r.Properties["RetentionInDays"] != 30.0 {
			t.Errorf("%s stays %v days, want 30", id, r.Properties["RetentionInDays"])
		}
	}
}

// TestRetention: whatever holds state outlives its stack and lives in Data. The
// work queues hold none: the indexes of the table say what is due.
func TestRetention(t *testing.T) {
	t.Parallel()
	stateful := map[string]bool{
		"AWS::DynamoDB::Table": true, "AWS::KMS::Key": true, "AWS::SQS::Queue": true, "AWS::Events::EventBus": true,
	}
	data, api := load(t)
	for id, r := range data.Resources {
		if r.Type == "AWS::SQS::QueuePolicy" {
			continue
		}
		if !stateful[r.Type] {
			t.Errorf("%s (%s) has no place in the data stack", id, r.Type)
		}
		deletion := "Retain"
		if r.Properties["Name"] != nil { // A failed creation must not leave the name taken.
			deletion = "RetainExceptOnCreate"
		}
		if r.DeletionPolicy != deletion || r.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s: deletion %q, replacement %q, want %s and Retain", id, r.DeletionPolicy, r.UpdateReplacePolicy, deletion)
		}
	}
	for id, r := range api.Resources {
		if stateful[r.Type] && r.Type != "AWS::SQS::Queue" {
			t.Errorf("%s (%s) would be lost with the api stack", id, r.Type)
		}
	}
}
