// Package securitytoken asks AWS STS for sessions. It depends on package awsconfig
// and on the SDK's core.
//
// Every function needs one or two calls of STS. The SDK's client of it would be
// half a megabyte of each of them and a part of each cold start; its signature, its
// errors and its rules of repetition are the SDK's here, too (ADR 0057).
// https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
package securitytoken

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Client asks the endpoint of Config.Region, signed with Config.Credentials. Its
// errors are those of the SDK: smithy.APIError in a ResponseError for a refusal,
// RequestSendError where nothing was answered.
type Client struct{ Config aws.Config }

// Role says which role to assume, and as what.
type Role struct {
	ARN         string
	SessionName string
	ExternalID  string // Optional.
	Life        time.Duration
	Tags        map[string]string // Tags of the session.
}

// ErrUnreadable says that AWS answered well, but with no session.
var ErrUnreadable = errors.New("the answer holds no session")

// AssumeRole returns the credentials of a new session.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (c Client) AssumeRole(ctx context.Context, r Role) (aws.Credentials, error) {
	parameters := url.Values{
		"RoleArn": {r.ARN}, "RoleSessionName": {r.SessionName}, "DurationSeconds": {strconv.Itoa(int(r.Life / time.Second))},
	}
	if r.ExternalID != "" {
		parameters.Set("ExternalId", r.ExternalID)
	}
	for i, key := range slices.Sorted(maps.Keys(r.Tags)) {
		member := fmt.Sprintf("Tags.member.%d.", i+1)
		parameters.Set(member+"Key", key)
		parameters.Set(member+"Value", r.Tags[key])
	}
	var answer struct {
		XMLName    xml.Name  `xml:"AssumeRoleResponse"`
		KeyID      string    `xml:"AssumeRoleResult>Credentials>AccessKeyId"`
		Secret     string    `xml:"AssumeRoleResult>Credentials>SecretAccessKey"`
		Session    string    `xml:"AssumeRoleResult>Credentials>SessionToken"`
		Expiration time.Time `xml:"AssumeRoleResult>Credentials>Expiration"`
	}
	if err := c.call(ctx, "AssumeRole", parameters, &answer); err != nil {
		return aws.Credentials{}, err
	}
	got := aws.Credentials{
		AccessKeyID: answer.KeyID, SecretAccessKey: answer.Secret, SessionToken: answer.Session,
		Source: "securitytoken", CanExpire: true, Expires: answer.Expiration,
	}
	if !got.HasKeys() || got.SessionToken == "" || got.Expires.IsZero() {
		return aws.Credentials{}, ErrUnreadable
	}
	return got, nil
}

// CallerIdentity returns whose the credentials are.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func (c Client) CallerIdentity(ctx context.Context) (arn, account string, err error) {
	var answer struct {
		XMLName xml.Name `xml:"GetCallerIdentityResponse"`
		ARN     string   `xml:"GetCallerIdentityResult>Arn"`
		Account string   `xml:"GetCallerIdentityResult>Account"`
	}
	err = c.call(ctx, "GetCallerIdentity", url.Values{}, &answer)
	return answer.ARN, answer.Account, err
}
