package main

import (
	"io"

	"github.com/alecthomas/kong"

	"github.com/tenonhq/tenon/shared/cmd/tenon/completion"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints the script.
func (c *completionCommand) Run(k *kong.Kong, out io.Writer) error {
	script, err := completion.Script(c.Shell, k.Model)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, script)
	return err
}
