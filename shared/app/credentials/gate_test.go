package credentials_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/connection"
)

// AUD-06: nothing that uses or renews a credential is composed without the gate: a
// service without one lets everything pass.
func TestAUD06EverythingHasAGate(t *testing.T) {
	t.Parallel()
	c := credentials.New(&app.Env{AWS: aws.Config{Region: "eu-west-1"}})
	for name, gate := range map[string]connection.Gate{
		"lease": c.Lease().Gate, "the refresher of a lease": c.Lease().Refresher.Gate, "refresher": c.Refresher().Gate,
		"health": c.Health().Gate, "the refresher of health": c.Health().Refresher.Gate,
		"connect": c.Connect().Gate, "connect that refreshes": c.Refreshing().Gate, "opener": c.Opener().Gate, "handoff": c.Handoff(nil).Gate, "connections": c.Reader().Gate,
	} {
		if gate != connection.Gate(c.Gate) || c.Gate == nil {
			t.Errorf("%s: got %v, want the one of the process", name, gate)
		}
	}
}
