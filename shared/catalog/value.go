package catalog

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The types of a value. The type decides what may stand in it and how it is
// encoded where it stands.
const (
	TypeLabel   = "dns-label"    // One label of a DNS name.
	TypeHost    = "host"         // A DNS name with at least one dot.
	TypeServer  = "server"       // A DNS name or an IP address; it can stand in no URL.
	TypePort    = "port"         // A TCP port, 1 to 65535.
	TypeURL     = "url"          // An absolute https URL without query and fragment.
	TypeSegment = "path-segment" // One segment of a path.
	TypeEnum    = "enum"         // One of a list.
	TypeText    = "text"         // A line of text.
	TypeSecret  = "secret"       // A line that is never shown.
	TypeFile    = "file"         // Lines of text that are never shown: a PEM or JSON file.
)

const (
	maxHost    = 253
	maxURL     = 2048
	maxSegment = 256
	maxText    = 1024
	maxSecret  = 16 << 10
)

var (
	labelPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`) })
	// The last label begins with a letter: a name that ends in a number is an
	// IPv4 address to a browser (WHATWG URL, "ends in a number").
	hostPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	})
	// No percent-encoding and no empty segment: every parser reads such a path alike.
	pathPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(/[A-Za-z0-9._~!$&'()*+,;=:@-]+)*$`) })
)

// Value is a typed text that a template may name.
type Value struct {
	Type string
	Text string
}

// Values types the given texts by their inputs; a text without an input is
// left out.
func Values(inputs []Input, given map[string]string) map[string]Value {
	values := make(map[string]Value, len(given))
	for _, in := range inputs {
		if text, ok := given[in.Name]; ok {
			values[in.Name] = Value{Type: in.Type, Text: text}
		}
	}
	return values
}

// problem says what is wrong with the text of an input, in a sentence that
// never quotes it.
type problem string

// normalize returns the text as it is kept, or what is wrong with it.
func (in Input) normalize(text string, local bool) (string, problem) {
	text, wrong := normalizeType(in.Type, text, local)
	if wrong != "" {
		return "", wrong
	}
	if in.Type == TypeEnum && !slices.Contains(in.Enum, text) {
		return "", problem("Must be one of: " + strings.Join(in.Enum, ", ") + ".")
	}
	return text, in.matchPattern(text)
}

func (in Input) matchPattern(text string) problem {
	if in.Pattern == "" {
		return ""
	}
	pattern, err := regexp.Compile(`\A(?:` + in.Pattern + `)\z`)
	if err != nil || !pattern.MatchString(text) {
		return "Does not have the expected form."
	}
	return ""
}

func normalizeType(kind, text string, local bool) (string, problem) {
	switch kind {
	case TypeLabel:
		return text, checkLabel(text)
	case TypeHost:
		return normalizeHost(text)
	case TypeServer:
		return normalizeServer(text)
	case TypePort:
		return text, checkPort(text)
	case TypeURL:
		return normalizeURL(text, local)
	case TypeSegment:
		return text, checkSegment(text)
	case TypeEnum, TypeText:
		return text, checkLine(text, maxText)
	case TypeSecret:
		return text, checkLine(text, maxSecret)
	}
	return "", "Has a type that is not known."
}

func checkLabel(text string) problem {
	if !labelPattern().MatchString(text) {
		return "Must be lower-case letters, digits and hyphens, at most 63, without a hyphen at an end and without a dot."
	}
	return ""
}

func normalizeHost(text string) (string, problem) {
	host := strings.ToLower(text)
	if len(host) > maxHost || !hostPattern().MatchString(host) {
		return "", "Must be a host name such as api.example.com, without https://, port or path."
	}
	return host, ""
}

// normalizeServer takes an address as well, in its canonical form. Whether it
// may be dialled is for the dialler to say.
func normalizeServer(text string) (string, problem) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return addr.Unmap().String(), ""
	}
	host, wrong := normalizeHost(text)
	if wrong != "" {
		return "", "Must be a host name such as sftp.example.com or an IP address, without port or path."
	}
	return host, ""
}

func checkPort(text string) problem {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != text {
		return "Must be a port number, 1 to 65535."
	}
	return ""
}

// checkFile is checkLine for text of several lines.
func checkFile(text string) problem {
	if len(text) > maxSecret {
		return problem(fmt.Sprintf("Must be at most %d bytes.", maxSecret))
	}
	broken := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	if !utf8.ValidString(text) || strings.ContainsFunc(text, broken) {
		return "Must be text."
	}
	return ""
}

// normalizeURL drops what means nothing: upper case in the host, the port 443
// and a slash at the end. Local allows http to this machine, on any port.
func normalizeURL(text string, local bool) (string, problem) {
	u, err := url.Parse(text)
	if len(text) > maxURL || err != nil || u.Opaque != "" || u.Host == "" {
		return "", "Must be a URL such as https://api.example.com/v1."
	}
	if u.User != nil {
		return "", "Must not hold a user name or password; they have fields of their own."
	}
	if u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#") {
		return "", "Must not have a query or a fragment."
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	if !pathPattern().MatchString(path) || hasDotSegment(path) {
		return "", "Must have a plain path: no . or .. segments, no empty segments, no backslash and no percent-encoding."
	}
	if local && isLoopback(u.Hostname()) && (u.Scheme == "http" || u.Scheme == "https") {
		return u.Scheme + "://" + u.Host + path, ""
	}
	host, wrong := normalizeHost(u.Hostname())
	if u.Scheme != "https" || wrong != "" || (u.Host != u.Hostname() && u.Port() != "443") {
		return "", "Must begin with https:// and a host name, without a port other than 443; IP addresses are not accepted."
	}
	return "https://" + host + path, ""
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Zone() == "" && addr.IsLoopback()
}

func checkSegment(text string) problem {
	if text == "" || text == "." || text == ".." {
		return "Must be a name, not empty and not dots."
	}
	return checkLine(text, maxSegment)
}

// checkLine refuses what could end a header field or hide in a line.
func checkLine(text string, limit int) problem {
	if len(text) > limit {
		return problem(fmt.Sprintf("Must be at most %d bytes.", limit))
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return "Must be one line of text without control characters."
	}
	return ""
}

func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
