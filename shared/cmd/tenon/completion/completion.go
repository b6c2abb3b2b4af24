// Package completion writes the script by which a shell completes the command lines
// of a program. It depends on kong, whose model of the program it reads. The script
// knows the commands and flags, and asks neither the program nor the service.
package completion

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// Shells are those there is a script for.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// Script returns the script of a program for one of the shells.
func Script(shell string, app *kong.Application) (string, error) {
	nodes := nodesOf(app.Node, "")
	switch shell {
	case "bash":
		return bash(app.Name, nodes), nil
	case "zsh":
		return "autoload -Uz bashcompinit compinit\ncompinit\nbashcompinit\n" + bash(app.Name, nodes), nil
	case "fish":
		return fish(app.Name, nodes), nil
	}
	return "", fmt.Errorf("there is no script for %q", shell)
}

// node is a command, or a group of them.
type node struct {
	path     string // Its words; empty for the program.
	children []child
	flags    []flag
}

type child struct{ name, help string }

type flag struct {
	name, help string
	values     []string // Those there are, where the flag says so.
	file       bool
	plain      bool // It takes no value.
}

// nodesOf lists a node and those below it.
func nodesOf(n *kong.Node, path string) []node {
	this := node{path: path}
	for _, group := range n.AllFlags(true) {
		for _, f := range group {
			this.flags = append(this.flags, newFlag(f))
		}
	}
	all := []node{}
	for _, c := range n.Children {
		if c.Hidden || c.Type != kong.CommandNode {
			continue
		}
		this.children = append(this.children, child{c.Name, c.Help})
		all = append(all, nodesOf(c, strings.TrimSpace(path+" "+c.Name))...)
	}
	return append([]node{this}, all...)
}

func newFlag(f *kong.Flag) flag {
	out := flag{name: "--" + f.Name, help: f.Help, plain: f.IsBool(), file: f.PlaceHolder == "FILE" || f.Tag.Type == "path" || f.Tag.Type == "existingfile"}
	switch {
	case f.Enum != "":
		out.values = strings.FieldsFunc(f.Enum, func(r rune) bool { return r == ',' })
	case strings.Contains(f.PlaceHolder, "|"):
		out.values = strings.Split(f.PlaceHolder, "|")
	}
	return out
}

// words are what may follow a command: those below it, or its flags.
func (n node) words() string {
	var words []string
	for _, c := range n.children {
		words = append(words, c.name)
	}
	for _, f := range n.flags {
		words = append(words, f.name)
	}
	return strings.Join(words, " ")
}
