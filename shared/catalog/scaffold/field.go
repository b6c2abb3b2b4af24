package scaffold

import "strings"

// inputs is what says where the account is; fields is the credential.
func inputs(list ...string) string { return `"inputs": ` + joined(list) }

func fields(list ...string) string { return `"fields": ` + joined(list) }

func textField(name, title string) string { return field(name, title, "text") }

func secretField(name, title string) string { return field(name, title, "secret") }

func fileField(name, title string) string { return field(name, title, "file") }

func field(name, title, kind string) string {
	return `        {
          "name": "` + name + `",
          "title": "` + title + `",
          "help": "FILL IN: where a person finds the value, and what it looks like.",
          "type": "` + kind + `"
        }`
}

func joined(list []string) string { return "[\n" + strings.Join(list, ",\n") + "\n      ]" }
