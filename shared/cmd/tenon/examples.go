package main

import (
	"strings"

	"github.com/alecthomas/kong"
)

// examples stand in the --help of a command, by its words.
var examples = map[string]string{
	"":                 "tenon login https://tenon.example.com\ntenon connection list --status degraded\ntenon doctor",
	"login":            "tenon login\ntenon login https://tenon.example.com --profile prod",
	"logout":           "tenon logout --profile prod",
	"doctor":           "tenon doctor\ntenon doctor --profile prod --json",
	"completion":       "source <(tenon completion bash)\ntenon completion zsh > ~/.zfunc/_tenon\ntenon completion fish > ~/.config/fish/completions/tenon.fish",
	"import":           "tenon import --file connections.ndjson --dry-run\ntenon import --file connections.ndjson --profile prod",
	"connection":       "tenon connection list --status degraded\ntenon connection get con_01M7VZGC000000000000000001\ntenon connection authorize con_01M7VZGC000000000000000001 --wait\ntenon connection delete con_01M7VZGC000000000000000001 --dry-run",
	"credential":       "tenon credential put con_01M7VZGC000000000000000001 --credential-file - < key.json\ntenon credential promote con_01M7VZGC000000000000000001",
	"account":          "tenon account list con_01M7VZGC000000000000000001",
	"connector":        "tenon connector list --q crm\ntenon connector put own-erp --definition-file own-erp.json",
	"template":         "tenon template list\ntenon template update tpl_01M7VZGC000000000000000001 --keep-previous --client-id new --client-secret-file secret.txt\ntenon template export --out templates.json",
	"flow":             "tenon flow list --state active\ntenon flow update orders --state paused",
	"binding":          "tenon binding candidates orders source\ntenon binding put orders source --connection-id con_01M7VZGC000000000000000001",
	"expirations":      "tenon expirations --within-days 14",
	"tenant":           "tenon tenant list\ntenon tenant create --id acme --name Acme",
	"audit":            "tenon audit list --resource con_01M7VZGC000000000000000001 --limit 20\ntenon audit export --since 2026-01-01T00:00:00Z --out audit.ndjson\ntenon audit integrity",
	"kill-switch":      "tenon kill-switch create --scope connector --connector salesforce --reason \"tokens leaked\" --confirm salesforce",
	"webhook-endpoint": "tenon webhook-endpoint list\ntenon webhook-endpoint test whe_01M7VZGC000000000000000001",
	"connect-session":  "tenon connect-session create --end-user ann --connectors salesforce",
	"health":           "tenon health refresh --probe",
	"provider":         "tenon provider list\ntenon provider confirm --provider salesforce",
	"settings":         "tenon settings get --json\ntenon settings put --if-match 3 --reminders-file reminders.json --admins ops@example.com",
	"signing-key":      "tenon signing-key create --algorithm ES256\ntenon signing-key list",
	"aws-trust":        "tenon aws-trust --json | jq -r .templateBody > role.yaml",
	"egress":           "tenon egress",
	"sunsets":          "tenon sunsets --json",
	"dev":              "tenon dev",
	"demo":             "tenon demo --keep",
	"invoke":           "tenon invoke connection-get events/connection-get.json",
	"smoke":            "tenon smoke --url https://tenon.example.com",
	"bench":            "tenon bench",
	"simulate":         "tenon simulate --scenario outage",
}

// addExamples adds the examples to the model.
func addExamples(k *kong.Kong) error {
	k.Model.Detail = exampleText("")
	for _, node := range k.Model.Children {
		node.Detail = exampleText(node.Name)
	}
	return nil
}

// exampleText is an indented block, which --help prints as it is.
func exampleText(words string) string {
	text, ok := examples[words]
	if !ok {
		return ""
	}
	return "Examples:\n\n  " + strings.ReplaceAll(text, "\n", "\n  ")
}
