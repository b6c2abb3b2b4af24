package catalog

import (
	"net/url"
	"strings"
)

// Allows reports whether a credential may be sent to the host, written as in
// url.URL.Host. A host with a port is allowed only where an input of type url
// names that port.
func (c Connector) Allows(host string, vars map[string]Value) bool {
	for _, pattern := range c.Hosts {
		if matchHost(pattern, host, vars) {
			return true
		}
	}
	return false
}

// matchHost compares with a name, with "*." and the name it stands below, or
// with a template of a host. A value that is missing matches nothing.
func matchHost(pattern, host string, vars map[string]Value) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ":443")
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		_, wrong := normalizeHost(host)
		return wrong == "" && strings.HasSuffix(host, suffix)
	}
	names := Names(pattern)
	if len(names) == 1 && pattern == "{"+names[0]+"}" {
		want := hostOf(vars[names[0]])
		return want != "" && host == want
	}
	want, err := fill(pattern, vars, hostText)
	return err == nil && want != "" && host == want
}

// hostOf returns the host a value names, with its port if it has one, or
// nothing.
func hostOf(v Value) string {
	switch v.Type {
	case TypeURL:
		text, wrong := normalizeURL(v.Text, true)
		if wrong != "" {
			return ""
		}
		u, err := url.Parse(text)
		if err != nil {
			return ""
		}
		return u.Host
	case TypeHost, TypeEnum:
		host, wrong := normalizeHost(v.Text)
		if wrong != "" {
			return ""
		}
		return host
	}
	return ""
}

// Host returns the host that the text of an input names, with its port if it has
// one, or nothing.
func Host(in Input, text string) string {
	if in.Type == TypeServer {
		return text
	}
	return hostOf(Value{in.Type, text})
}
