package connect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// A new consent or key that leaves open which account is meant would stop the active
// flows of the connection until somebody chooses: what they use stays.
func TestOpenChoiceDoesNotStopActiveFlows(t *testing.T) {
	t.Parallel()
	for name, unpin := range map[string]bool{"another sign-in": false, "made before accounts were listed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, made := siteWorld(t, north, south)
			c := w.chosen(made, north)
			ask := connect.Ask{ConnectionID: c.ID, AllowAccountChange: !unpin}
			if !unpin {
				w.lists(south, "site-west")
			}
			w.bind(c, needs("flw_1", true))
			if unpin {
				_, err := w.Connections.Update(t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error {
					c.Account = connection.Account{}
					return nil
				})
				must(t, err)
			}
			c = w.get(c.ID)
			_, err := w.finish(w.travel(ask))
			refused(t, err, fault.CodeConnectionInUse)
			if diff := cmp.Diff([]string{"flw_1"}, fault.From(err).Flows); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
			if got := w.get(c.ID); got.AccountRequired || got.Account != c.Account || got.Credential.Version != c.Credential.Version {
				t.Errorf("account %+v (required %t), version %d", got.Account, got.AccountRequired, got.Credential.Version)
			}
			must(t, w.leases(c.ID))

			ask.Account = south
			_, err = w.finish(w.travel(ask))
			must(t, err)
			w.at(c.ID, south) // One that is named is no open choice.
			_, err = w.Connections.Update(t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error {
				c.Bindings, c.Account = 0, connection.Account{}
				return nil
			})
			must(t, err)
			ask.Account = ""
			_, err = w.finish(w.travel(ask))
			must(t, err)
			if !w.get(c.ID).AccountRequired {
				t.Error("the account was chosen by itself")
			}
		})
	}
}
