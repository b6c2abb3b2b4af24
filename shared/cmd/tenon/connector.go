package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tenonhq/tenon/shared/catalog/lint"
	"github.com/tenonhq/tenon/shared/catalog/scaffold"
	"github.com/tenonhq/tenon/shared/method"
)

type connectorNewCommand struct {
	Name   string `arg:"" help:"Id of the connector and name of its file, such as acme-crm."`
	Scheme string `default:"oauth2_authorization_code" help:"Type of its first auth scheme (${default})."`
	Dir    string `default:"shared/catalog/connectors" type:"existingdir" help:"Where the connectors are (${default})."`
}

// Run writes the beginning of a connector's file, unless there is one, and says
// what is left to do.
func (c *connectorNewCommand) Run(out io.Writer) error {
	text, err := scaffold.New(c.Name, c.Scheme, time.Now())
	if err != nil {
		return fmt.Errorf("begin connector: %w", err)
	}
	path := filepath.Join(c.Dir, c.Name+".json")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // The name was checked, and it is the developer's own file.
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; edit it, or choose another name", path)
	}
	if err != nil {
		return fmt.Errorf("begin connector: %w", err)
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return report(out, path, lint.Check(text, implemented()...))
}

// implemented lists the scheme types that there is a method for.
func implemented() []string {
	var types []string
	for _, m := range method.All() {
		types = append(types, m.Type())
	}
	return types
}

// report says what is left to do.
func report(out io.Writer, path string, complaints []string) error {
	text := fmt.Sprintf("%s is begun. What is missing:\n\n", path)
	for _, complaint := range complaints {
		text += "  " + complaint + "\n"
	}
	text += `
The rest is a guess, so look it over too: categories, network, hosts, and of OAuth
clientAuth, pkce, and what refresh says; connector.schema.json explains each member.
Then: go test ./shared/catalog/... ./shared/connect/walktest
`
	_, err := io.WriteString(out, text)
	return err
}
