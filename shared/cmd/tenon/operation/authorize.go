package operation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// askEvery is how often a waiting command looks at the connection.
const askEvery = 2 * time.Second

// authorize shows the link and waits until the person has used it. A connection
// that was active before is done when its credential is a newer one.
func (c *Command) authorize(ctx context.Context, calls *client.Client, in reflect.Value, p printer) error {
	ref := api.ConnectionRef{ConnectionID: in.Interface().(api.Authorize).ConnectionID}
	before, err := client.Call(ctx, calls, routes.ConnectionGet, ref)
	if err != nil {
		return err
	}
	body, err := client.Raw(ctx, calls, c.Route, in.Interface())
	if err != nil {
		return err
	}
	var handoff api.Handoff
	if err := json.Unmarshal(body, &handoff); err != nil {
		return fmt.Errorf("decode the answer: %w", err)
	}
	if err := p.one(c.Route, body, true); err != nil || handoff.Impact != nil {
		return err
	}
	_, _ = fmt.Fprintln(p.Err, "Waiting for the person; Ctrl-C ends the waiting and not the link.")
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return errors.New("interrupted; the link stays good until it expires")
		case <-ticker.C:
		}
		now, err := client.Call(ctx, calls, routes.ConnectionGet, ref)
		switch {
		case err != nil:
			return err
		case now.Status == "active" && version(now) > version(before):
			_, err = fmt.Fprintf(p.Err, "Connected: %s.\n", Plain(account(now)))
			return err
		case now.Reason == "denied": // The link made it another one first.
			return fmt.Errorf("not connected: %s", Plain(now.Message))
		case time.Now().After(handoff.ExpiresAt):
			return errors.New("nobody used the link before it expired")
		}
	}
}

// version tells one credential of a connection from the next.
func version(c api.Connection) int {
	if c.Credential == nil {
		return 0
	}
	return c.Credential.Version
}

func account(c api.Connection) string {
	if c.Account == nil {
		return c.Name
	}
	return c.Account.ID + " " + c.Account.Name
}
