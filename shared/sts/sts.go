// Package sts lets schemes assume roles and prove credentials at AWS STS. It
// implements method.RoleAssumer and depends on packages
// awsconfig, awsconfig/securitytoken, fault and method and on the AWS SDK's core.
package sts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/awsconfig/securitytoken"
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
	session, err := securitytoken.Client{Config: r.Config}.AssumeRole(ctx, securitytoken.Role{
		ARN: q.RoleARN, ExternalID: q.ExternalID, SessionName: q.SessionName, Life: q.Lifetime,
	})
	if err != nil {
		return method.RoleSession{}, classify("assume role", err, roleRefusals)
	}
	return method.RoleSession{
		AccessKeyID:     session.AccessKeyID,
		SecretAccessKey: secret.FromString(session.SecretAccessKey),
		SessionToken:    secret.FromString(session.SessionToken),
	}, nil
}

// CallerIdentity implements method.RoleAssumer.
func (r Roles) CallerIdentity(ctx context.Context, region string, s method.RoleSession) (arn, account string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	config := awsconfig.In(r.Config, region)
	config.Credentials = credentials.NewStaticCredentialsProvider(s.AccessKeyID, s.SecretAccessKey.Reveal(), s.SessionToken.Reveal())
	arn, account, err = securitytoken.Client{Config: config}.CallerIdentity(ctx)
	if err != nil {
		return "", "", classify("get caller identity", err, keyRefusals)
	}
	return arn, account, nil
}

// accountOf returns the account in an ARN.
func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}
