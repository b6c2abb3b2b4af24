package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
	"github.com/tenonhq/tenon/shared/routes"
)

type templateExportCommand struct {
	operation.Stage
	operation.Acting

	Out  string   `type:"path" placeholder:"FILE" help:"Where the document is written; standard output when absent."`
	Keys []string `arg:"" optional:"" name:"key" help:"Stable keys of the templates; all when absent."`
}

type templateImportCommand struct {
	operation.Stage
	operation.Acting

	File   string   `required:"" type:"existingfile" placeholder:"FILE" help:"The document of an export."`
	Keep   []string `placeholder:"KEY.INPUT" help:"Input of a template whose value in this stage stays; may be repeated."`
	DryRun bool     `help:"Say what would change, and change nothing."`
	JSON   bool     `name:"json" help:"Print the answer as JSON."`
}

// documentLimit is what the file of a document may hold, in bytes.
const documentLimit = 1 << 20

// Run exports.
func (c *templateExportCommand) Run(ctx context.Context, out io.Writer) error {
	stage, err := c.Client(ctx, c.Tenant)
	if err != nil {
		return err
	}
	doc, err := client.Call(ctx, stage, routes.TemplateExport, api.TemplateExport{StableKeys: c.Keys})
	if err != nil {
		return fmt.Errorf("export templates: %w", err)
	}
	text, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return fmt.Errorf("export templates: %w", err)
	}
	text = append(text, '\n')
	if c.Out == "" {
		_, err = out.Write(text)
	} else {
		err = os.WriteFile(c.Out, text, 0o644) //nolint:gosec // It holds no secret and is meant for git.
	}
	if err != nil {
		return fmt.Errorf("write document: %w", err)
	}
	return nil
}

// Run imports, and fails when anything is refused.
func (c *templateImportCommand) Run(ctx context.Context, out io.Writer) error {
	in, err := readDocument(c.File)
	if err != nil {
		return status.Wrong("read %s: %w", c.File, err)
	}
	in.DryRun = c.DryRun
	for _, kept := range c.Keep {
		key, input, ok := strings.Cut(kept, ".")
		if !ok || key == "" || input == "" {
			return status.Wrong("--keep %s: write the stable key, a dot and the name of the input", kept)
		}
		if in.Keep == nil {
			in.Keep = map[string][]string{}
		}
		in.Keep[key] = append(in.Keep[key], input)
	}
	stage, err := c.Client(ctx, c.Tenant)
	if err != nil {
		return err
	}
	result, err := client.Call(ctx, stage, routes.TemplateImport, in)
	if err != nil {
		return fmt.Errorf("import templates: %w", err)
	}
	if c.JSON {
		text, err := json.Marshal(result)
		if err == nil {
			err = printJSON(out, text)
		}
		if err != nil {
			return err
		}
	} else if err := printImport(out, result, c.DryRun); err != nil {
		return err
	}
	if !result.Applied && !c.DryRun || refusals(result) > 0 {
		return status.Error{Err: fmt.Errorf("%d refused; nothing was changed", refusals(result)), Code: status.Failed}
	}
	return nil
}

// readDocument reads a document. A member that a document does not have is an
// error and is not sent: it may be a secret.
func readDocument(path string) (api.TemplateImport, error) {
	var in api.TemplateImport
	file, err := os.Open(path) //nolint:gosec // The user named it.
	if err != nil {
		return in, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, documentLimit+1))
	if err != nil {
		return in, err
	}
	if len(text) > documentLimit {
		return in, errors.New("the file is larger than any document")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in.TemplateDocument); err != nil {
		return in, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return in, errors.New("something stands behind the document")
	}
	return in, nil
}
