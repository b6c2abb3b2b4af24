package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tenonhq/tenon/shared/cmd/tenon/doctor"
	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

type doctorCommand struct {
	operation.Stage
	operation.Acting

	JSON bool `name:"json" help:"Print each finding as a line of JSON."`
}

// Run checks the stage; something that needs attention is an error.
func (c *doctorCommand) Run(ctx context.Context, s operation.Streams) error {
	stage, err := c.Open(ctx)
	if err != nil {
		return err
	}
	var broken error
	attention := doctor.Examine(ctx, stage, c.Tenant, time.Now, func(f doctor.Finding) { broken = errors.Join(broken, c.print(s, f)) })
	if broken != nil {
		return broken
	}
	if attention > 0 {
		return status.Error{Err: fmt.Errorf("%d need attention", attention), Code: status.Failed}
	}
	return nil
}

func (c *doctorCommand) print(s operation.Streams, f doctor.Finding) error {
	if c.JSON {
		return json.NewEncoder(s.Out).Encode(f)
	}
	_, err := fmt.Fprintf(s.Out, "%-9s  %-17s  %s\n", f.State, f.Check, operation.Plain(f.Detail))
	if f.Remedy != "" && err == nil {
		_, err = fmt.Fprintf(s.Out, "%30s %s\n", "", operation.Plain(f.Remedy))
	}
	return err
}
