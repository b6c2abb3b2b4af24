package credentials_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/connect"
)

// What serves public pages knows the standing of tenants: without it everybody is
// admitted.
func TestPublicPagesKnowTheStanding(t *testing.T) {
	t.Parallel()
	c := credentials.New(&app.Env{AWS: aws.Config{Region: "eu-west-1"}})
	for name, s := range map[string]*connect.Service{
		"connect": c.Connect(), "connect that refreshes": c.Refreshing(), "opener": c.Opener(),
		"the page of sessions": c.Sessions(c.Opener()).Connects, "their form": c.Sessions(c.Refreshing()).Connects,
	} {
		if s.Standing != connect.Standing(c.Gate) || c.Gate == nil {
			t.Errorf("%s: got %v, want the one of the process", name, s.Standing)
		}
	}
}
