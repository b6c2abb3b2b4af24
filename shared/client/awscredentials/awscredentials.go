// Package awscredentials leases a session of a customer's AWS account for the AWS
// SDK. It may import client, the contract of the API, and the SDK's core; it is a
// package of its own so that programs which use no AWS do without that.
package awscredentials

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// What a lease calls the values that sign for AWS.
const (
	valueID      = "accessKeyId"
	valueSecret  = "secretAccessKey"
	valueSession = "sessionToken"
)

// A session is not used for its last margin. One that does not say when it ends is
// kept for unknownEnd: a paused connection must stop working.
const (
	margin     = 30 * time.Second
	unknownEnd = 5 * time.Minute
)

// New returns the sessions of a connection to an AWS account, leased for the stated
// purpose, as Credentials of an aws.Config. It keeps one until shortly before it
// ends, and is safe for concurrent use.
func New(c *client.Client, connectionID, purpose string) *aws.CredentialsCache {
	lease := func(ctx context.Context) (aws.Credentials, error) {
		l, err := client.Call(ctx, c, routes.ConnectionLease, api.LeaseRequest{
			ConnectionID: connectionID, Purpose: purpose, MinimumLifetimeSeconds: int(2 * margin / time.Second),
		})
		if err != nil {
			return aws.Credentials{}, err
		}
		id, key := l.Values[valueID], l.Values[valueSecret]
		if id == "" || key == "" {
			return aws.Credentials{}, fmt.Errorf("connection %s is not of an AWS account", connectionID)
		}
		end := time.Now().Add(margin + unknownEnd)
		if l.ExpiresAt != nil {
			end = *l.ExpiresAt
		}
		return aws.Credentials{
			AccessKeyID: id, SecretAccessKey: key, SessionToken: l.Values[valueSession],
			Source: "Tenon", CanExpire: true, Expires: end,
		}, nil
	}
	return aws.NewCredentialsCache(aws.CredentialsProviderFunc(lease), func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = margin })
}
