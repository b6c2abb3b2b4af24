package templatetests_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// dangers are actions that would undo what protects the stage, by service: they
// change policies, take data out by the table, hide what was done, or end what
// holds state. No function has any of them, on whatever resource.
var dangers = map[string][]string{
	"iam": {
		"AttachRolePolicy", "CreateAccessKey", "CreatePolicyVersion", "CreateRole", "CreateUser", "DeleteRolePermissionsBoundary",
		"DeleteRolePolicy", "PassRole", "PutRolePolicy", "TagRole", "UpdateAssumeRolePolicy", "UpdateRole",
	},
	"kms": {
		"CancelKeyDeletion", "CreateGrant", "DeleteAlias", "DeleteImportedKeyMaterial", "DisableKeyRotation", "EnableKey", "ImportKeyMaterial",
		"PutKeyPolicy", "ReEncryptFrom", "ReEncryptTo", "ReplicateKey", "RetireGrant", "RevokeGrant", "UntagResource", "UpdateAlias", "UpdatePrimaryRegion",
	},
	"dynamodb": {
		"BatchGetItem", "BatchWriteItem", "CreateBackup", "CreateTable", "DeleteBackup", "DeleteResourcePolicy", "DeleteTable",
		"DisableKinesisStreamingDestination", "EnableKinesisStreamingDestination", "ExportTableToPointInTime", "GetRecords", "GetShardIterator",
		"PartiQLDelete", "PartiQLInsert", "PartiQLSelect", "PartiQLUpdate", "PutResourcePolicy", "RestoreTableFromBackup", "RestoreTableToPointInTime",
		"Scan", "UpdateContinuousBackups", "UpdateGlobalTable", "UpdateTable", "UpdateTimeToLive",
	},
	"secretsmanager": {
		"BatchGetSecretValue", "CancelRotateSecret", "DeleteResourcePolicy", "PutResourcePolicy", "ReplicateSecretToRegions", "RestoreSecret",
		"RotateSecret", "UpdateSecret",
	},
	"sqs": {"AddPermission", "CreateQueue", "DeleteQueue", "PurgeQueue", "RemovePermission", "SetQueueAttributes", "StartMessageMoveTask"},
	"lambda": {
		"AddPermission", "CreateEventSourceMapping", "CreateFunction", "CreateFunctionUrlConfig", "DeleteFunction", "GetFunction", "PublishLayerVersion",
		"PutFunctionConcurrency", "UpdateEventSourceMapping", "UpdateFunctionCode", "UpdateFunctionConfiguration",
	},
	"logs": {
		"AssociateKmsKey", "CreateExportTask", "DeleteLogGroup", "DeleteLogStream", "DisassociateKmsKey", "FilterLogEvents", "GetLogEvents",
		"PutResourcePolicy", "PutRetentionPolicy", "PutSubscriptionFilter", "StartQuery",
	},
	"events": {
		"CreateArchive", "CreateEventBus", "DeleteEventBus", "DeleteRule", "DisableRule", "PutPermission", "PutRule", "PutTargets", "RemoveTargets", "StartReplay",
	},
	"scheduler":      {"CreateSchedule", "DeleteSchedule", "UpdateSchedule"},
	"ses":            {"CreateEmailIdentity", "PutAccountDetails", "SendRawEmail", "SendTemplatedEmail", "VerifyDomainIdentity"},
	"sns":            {"AddPermission", "DeleteTopic", "SetTopicAttributes", "Subscribe"},
	"cloudwatch":     {"DeleteAlarms", "DisableAlarmActions", "PutMetricAlarm", "SetAlarmState"},
	"cloudtrail":     {"DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"},
	"cloudformation": {"CreateChangeSet", "DeleteStack", "SetStackPolicy", "UpdateStack"},
	"apigateway":     {"DELETE", "PATCH", "POST", "PUT"},
	"s3":             {"BypassGovernanceRetention", "DeleteObject", "GetObject", "PutBucketPolicy", "PutObject"},
	"ec2":            {"AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateNetworkInterfacePermission", "RunInstances"},
	"sts":            {"GetFederationToken", "SetSourceIdentity"},
	"organizations":  {"DetachPolicy", "LeaveOrganization"},
}

// TestCDK01Dangers tries every danger in every role, on no resource in
// particular, on the stage's own and on what belongs to the role itself, under
// conditions that satisfy the statements for what is allowed.
func TestCDK01Dangers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	proper := with(signingKey, boundToOne, newKeyTags, ofConn, conditions{"sts:ExternalId": {"e1"}, "kms:ScheduleKeyDeletionPendingWindowInDays": {"30"}})
	resources := w.resourcesByService()
	tried := 0
	for _, id := range w.roleIDs() {
		for service, actions := range dangers {
			for _, resource := range slices.Concat([]string{"*"}, resources[service], w.own(id, service)) {
				for _, action := range actions {
					tried++
					if w.decide(id, ofTenantOne, service+":"+action, resource, proper).Allowed {
						t.Errorf("%s may %s:%s on %s", id, service, action, resource)
					}
				}
			}
		}
	}
	if tried < 20_000 {
		t.Errorf("%d tries", tried)
	}
}

// resourcesByService are the resources of all the calls, and the data's.
func (w *world) resourcesByService() map[string][]string {
	all := map[string]bool{w.names.arn("LogKey"): true, w.names.arn("DeadLetters"): true, foreign: true}
	for _, c := range w.calls() {
		all[c.resource] = true
	}
	found := map[string][]string{}
	for _, resource := range slices.Sorted(maps.Keys(all)) {
		if parts := strings.Split(resource, ":"); len(parts) > 2 {
			found[parts[2]] = append(found[parts[2]], resource)
		}
	}
	return found
}

// own are what is named after the same row as the role.
func (w *world) own(roleID, service string) []string {
	name := strings.TrimSuffix(strings.TrimSuffix(roleID, "Role"), "Schedule")
	var own []string
	for _, suffix := range []string{"Role", "Function", "Logs", "Queue", "DeadLetters", "Schedule"} {
		if arn, ok := w.names.arns[name+suffix]; ok && strings.HasPrefix(arn, "arn:aws:"+service+":") {
			own = append(own, arn)
		}
	}
	return own
}

// TestCDK01Trust: only the service that runs it uses a role, and the scheduler
// for our own account only.
func TestCDK01Trust(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range w.roleIDs() {
		want := []string{"lambda.amazonaws.com"}
		if isSession(id) {
			want = nil // The function's own role, see TestISO07OnlyByTheSession.
		}
		if strings.HasSuffix(id, "ScheduleRole") {
			want = []string{"scheduler.amazonaws.com"}
		}
		var got []string
		for _, service := range []string{"ec2.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com", "scheduler.amazonaws.com"} {
			if w.serviceMay(service, "sts:AssumeRole", w.names.arn(id), conditions{"aws:SourceAccount": {accountID}}) {
				got = append(got, service)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is assumed by %v, want %v", id, got, want)
		}
		if w.serviceMay("scheduler.amazonaws.com", "sts:AssumeRole", w.names.arn(id), conditions{"aws:SourceAccount": {stranger}}) {
			t.Errorf("%s is assumed for another account", id)
		}
	}
}
