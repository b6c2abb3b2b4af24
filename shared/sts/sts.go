// Package sts lets schemes assume roles and prove credentials at AWS STS. It
// implements method.RoleAssumer and depends on packages awsconfig, fault and
// method and on the AWS SDK.
package sts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// callTime bounds a call with its repetitions.
const callTime = 8 * time.Second

// Roles implements method.RoleAssumer.
type Roles struct {
	// Config is that of the function, whose own credentials assume roles.
	Config aws.Config
	// Account is our own. Its roles may trust everyone in it, and are for nobody
	// else to be assumed.
	Account string
}

// AssumeRole implements method.RoleAssumer. It asks the region the function runs
// in, which our account surely has; a session of a regional endpoint is good in
// all regions (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html).
func (r Roles) AssumeRole(ctx context.Context, q method.RoleRequest) (method.RoleSession, error) {
	if accountOf(q.RoleARN) == r.Account {
		return method.RoleSession{}, fmt.Errorf("%w: a role of our own account", method.Definitive)
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	answer, err := sts.NewFromConfig(r.Config).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: &q.RoleARN, ExternalId: &q.ExternalID, RoleSessionName: &q.SessionName,
		DurationSeconds: aws.Int32(int32(q.Lifetime / time.Second)),
	})
	if err != nil {
		return method.RoleSession{}, classify("assume role", err, roleRefusals)
	}
	if answer.Credentials == nil {
		return method.RoleSession{}, method.Unreadable
	}
	return method.RoleSession{
		AccessKeyID:     aws.ToString(answer.Credentials.AccessKeyId),
		SecretAccessKey: secret.FromString(aws.ToString(answer.Credentials.SecretAccessKey)),
		SessionToken:    secret.FromString(aws.ToString(answer.Credentials.SessionToken)),
	}, nil
}

// CallerIdentity implements method.RoleAssumer.
func (r Roles) CallerIdentity(ctx context.Context, region string, s method.RoleSession) (arn, account string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	config := r.Config.Copy()
	config.Region = region
	config.Credentials = credentials.NewStaticCredentialsProvider(s.AccessKeyID, s.SecretAccessKey.Reveal(), s.SessionToken.Reveal())
	answer, err := sts.NewFromConfig(config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", "", classify("get caller identity", err, keyRefusals)
	}
	return aws.ToString(answer.Arn), aws.ToString(answer.Account), nil
}

// accountOf returns the account in an ARN.
func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}
