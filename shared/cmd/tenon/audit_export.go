package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
)

type auditExportCommand struct {
	operation.Stage
	operation.Acting

	Out      string `type:"path" placeholder:"FILE" help:"Where it is written; standard output when absent."`
	Format   string `default:"ndjson" enum:"ndjson,csv" help:"ndjson or csv (${default})."`
	Actor    string `help:"Only what this caller did."`
	Action   string `help:"Only this action."`
	Resource string `help:"Only what was done to this."`
	Outcome  string `default:"" enum:",allowed,denied" placeholder:"allowed|denied" help:"Only what was allowed, or denied."`
	Since    string `placeholder:"TIME" help:"Entries from this time on (RFC 3339)."`
	Until    string `placeholder:"TIME" help:"Entries before this time (RFC 3339)."`
}

// Run writes part after part. A file is whole, or not there.
func (c *auditExportCommand) Run(ctx context.Context, s operation.Streams) error {
	calls, err := c.Client(ctx, c.Tenant)
	if err != nil {
		return err
	}
	if c.Out == "" {
		return c.write(ctx, calls, s.Out, s)
	}
	partial := c.Out + ".part"
	file, err := os.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // The user named it.
	if err != nil {
		return err
	}
	err = c.write(ctx, calls, file, s)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(partial)
		return err
	}
	return os.Rename(partial, c.Out)
}

func (c *auditExportCommand) write(ctx context.Context, calls *client.Client, out io.Writer, s operation.Streams) error {
	in := api.AuditExport{
		AuditFilter: api.AuditFilter{Actor: c.Actor, Action: c.Action, Resource: c.Resource, Outcome: c.Outcome, Since: c.Since, Until: c.Until},
		Format:      c.Format,
	}
	for written := 0; ; {
		part, err := client.ExportAudit(ctx, calls, in)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(out, part.Text); err != nil {
			return fmt.Errorf("write the export: %w", err)
		}
		if written += len(part.Text); part.Next == "" {
			return nil
		}
		if in.Cursor = part.Next; s.Terminal {
			_, _ = fmt.Fprintf(s.Err, "%d KiB written\n", written>>10)
		}
	}
}
