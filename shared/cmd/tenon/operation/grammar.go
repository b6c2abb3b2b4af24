package operation

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/tenonhq/tenon/shared/routes"
)

// The groups of commands in --help.
const (
	Working  = "Connections and what they are made of:"
	Watching = "What happens and what ends:"
	Ruling   = "The organization and its settings:"
)

// groups places the first words of the commands, with what they are about.
var groups = []struct{ word, help, group string }{
	{"connection", "List, make, authorize, check, lease, pause and delete connections.", Working},
	{"credential", "Replace the key or password of a connection, at once or in steps.", Working},
	{"account", "See and choose the account of a connection, where the system has several.", Working},
	{"connector", "See the catalog, and define connectors of your own.", Working},
	{"template", "Configure connectors, and move templates between stages.", Working},
	{"connect-session", "Let one end user connect without a token.", Working},
	{"flow", "See, register and pause flows.", Working},
	{"binding", "See and switch the connection of a binding of a flow.", Working},
	{"expirations", "", Watching},
	{"sunsets", "", Watching},
	{"health", "Have the status of connections derived now.", Watching},
	{"provider", "See the systems in trouble.", Watching},
	{"audit", "See who did what, save it, and verify that it is whole.", Watching},
	{"webhook-endpoint", "Have events sent, and see how that goes.", Watching},
	{"tenant", "Onboard, see and remove tenants.", Ruling},
	{"kill-switch", "Cut off a tenant, a system or everything.", Ruling},
	{"settings", "See and replace the tenant's settings.", Ruling},
	{"signing-key", "Make, see and retire keys that sign for the tenant.", Ruling},
	{"aws-trust", "", Ruling},
	{"egress", "", Ruling},
}

// Grammar adds the commands of the routes to a grammar. With them, below their first
// word, go commands that were written by hand: pointers to structs by the word and
// the name, such as "template export".
func Grammar(byHand map[string]Written) ([]*Command, []kong.Option) {
	var all []*Command
	var options []kong.Option
	for _, g := range groups {
		var below []*Command
		var fields []reflect.StructField
		for _, r := range routes.Operations() {
			if path := PathOf(r); excepted[r.Name] != "" || path[0] != g.word {
				continue
			}
			c, form := newCommand(r)
			if len(c.Path) == 1 {
				c.form = reflect.New(form)
				options = append(options, kong.DynamicCommand(g.word, r.Summary, g.group, c.form.Interface()))
				all = append(all, c)
				continue
			}
			below = append(below, c)
			fields = append(fields, reflect.StructField{Name: exported(c.Path[1]), Type: form, Tag: tag("cmd", "", "name", c.Path[1], "help", r.Summary)})
		}
		for _, name := range slices.Sorted(maps.Keys(byHand)) {
			written := byHand[name]
			if word, leaf, _ := strings.Cut(name, " "); word == g.word {
				fields = append(fields, reflect.StructField{Name: exported(leaf), Type: reflect.TypeOf(written.Command), Tag: tag("cmd", "", "name", leaf, "help", written.Help)})
			}
		}
		if len(fields) == 0 {
			continue
		}
		value := reflect.New(reflect.StructOf(fields))
		for i, c := range below {
			c.form = value.Elem().Field(i).Addr()
		}
		all = append(all, below...)
		options = append(options, kong.DynamicCommand(g.word, g.help, g.group, value.Interface()))
	}
	return all, options
}

// Written is a command that was written by hand: a struct with a Run method.
type Written struct {
	Help    string
	Command any
}

// Selected returns the command of ours that the command line is of, or nil.
func Selected(k *kong.Context, all []*Command) *Command {
	node := k.Selected()
	if node == nil || !node.Target.CanAddr() {
		return nil
	}
	for _, c := range all {
		if node.Target.Addr().Interface() == c.form.Interface() {
			return c
		}
	}
	return nil
}

// exported is the name of a struct's field.
func exported(word string) string {
	var name strings.Builder
	for part := range strings.SplitSeq(word, "-") {
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}
