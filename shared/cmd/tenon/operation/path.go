package operation

import (
	"maps"
	"strings"

	"github.com/tenonhq/tenon/shared/routes"
)

// paths are the words of the commands that are not the route's name split at its
// last dash.
var paths = map[string]string{
	"aws-trust-get":        "aws-trust",
	"delivery-list":        "webhook-endpoint deliveries",
	"dependent-list":       "connection dependents",
	"egress-list":          "egress",
	"expiration-list":      "expirations",
	"sunset-list":          "sunsets",
	"test-credentials-put": "template test-credentials",
}

// excepted are the operations that are no command made here, and why.
var excepted = map[string]string{
	"audit-export":           "`tenon audit export` writes part after part",
	"template-export":        "`tenon template export` writes a document for git",
	"template-import":        "`tenon template import` shows what would change",
	"connection-import":      "`tenon import` reads a file of any size",
	"connection-calls":       "runtimes report calls",
	"oauth-start":            "browsers open it",
	"oauth-confirm":          "browsers open it",
	"oauth-callback":         "browsers open it",
	"connect-page":           "browsers open it",
	"connect-submit":         "browsers open it",
	"console":                "browsers open it",
	"browser-session-put":    "the console tells it of its browser",
	"browser-session-delete": "the console tells it of its browser",
	"oauth-session-complete": "the back end that the browser came back to confirms it",
	"healthz":                "`tenon doctor` asks it",
	"openapi-get":            "`tenon doctor` compares it",
}

// Excepted returns the operations that no command is made of, by name, with the
// reason.
func Excepted() map[string]string { return maps.Clone(excepted) }

// PathOf returns the words of a route's command.
func PathOf(r *routes.Route) []string {
	if words, ok := paths[r.Name]; ok {
		return strings.Fields(words)
	}
	dash := strings.LastIndexByte(r.Name, '-')
	return []string{r.Name[:max(dash, 0)], r.Name[dash+1:]}
}
