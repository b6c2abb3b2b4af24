package dev

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/tenonhq/tenon/infra/local/crm"
	"github.com/tenonhq/tenon/infra/local/issuer"
)

const metadataWellKnown = "/.well-known/oauth-authorization-server"

// listen opens the port on the loopback interface. The error of a taken port
// says how to choose another.
func listen(port int) (net.Listener, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is in use; stop the program that has it, or choose another with %s", port, PortVariable)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on port %d: %w", port, err)
	}
	return listener, nil
}

// surface is everything served on the one port: the API as it is in AWS, and
// below /dev what exists on a developer's machine only.
type surface struct {
	port        int
	api         http.Handler
	invocations http.Handler // Takes the paths of the Lambda API.
	issuer      *issuer.Issuer
	crm         *crm.Provider
}

func (s surface) handler() http.Handler {
	dev := http.NewServeMux()
	dev.Handle("/dev/issuer/", http.StripPrefix("/dev/issuer", s.issuer))
	dev.Handle("/dev/crm/", http.StripPrefix("/dev/crm", s.crm))
	dev.HandleFunc("/dev/token", s.issuer.Mint)
	dev.HandleFunc("POST /dev/functions/{function}/invocations", s.invoke)
	dev.HandleFunc("GET "+metadataWellKnown+"/dev/crm", s.metadata)
	return s.localHostsOnly(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/dev/") || r.URL.Path == metadataWellKnown+"/dev/crm" {
			dev.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == "/" && r.Method == http.MethodGet {
			http.Redirect(w, r, "/console", http.StatusFound)
			return
		}
		s.api.ServeHTTP(w, r)
	}))
}

// invoke runs a function with any event, even one that claims to come from the
// authorizer, so a web page of another origin must not reach it.
func (s surface) invoke(w http.ResponseWriter, r *http.Request) {
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		http.Error(w, "A page of another origin may not invoke a function.", http.StatusForbidden)
		return
	}
	http.StripPrefix("/dev", prefixed("/2015-03-31", s.invocations)).ServeHTTP(w, r)
}

// metadata is where RFC 8414, section 3.1, puts the document of an issuer whose
// identifier has a path.
func (s surface) metadata(w http.ResponseWriter, r *http.Request) {
	http.StripPrefix("/dev/crm", s.crm).ServeHTTP(w, withPath(r, "/dev/crm"+metadataWellKnown))
}

// localHostsOnly refuses host names other than this machine's own, so that no
// web site can make its name resolve to 127.0.0.1 and read from this server.
func (s surface) localHostsOnly(next http.Handler) http.Handler {
	var hosts []string
	for _, name := range []string{"127.0.0.1", "localhost", "::1"} {
		hosts = append(hosts, net.JoinHostPort(name, strconv.Itoa(s.port)))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(hosts, r.Host) {
			http.Error(w, "This server answers to 127.0.0.1 and localhost only.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func prefixed(prefix string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, withPath(r, prefix+r.URL.Path))
	})
}

// withPath returns a copy of r with another path.
func withPath(r *http.Request, path string) *http.Request {
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawPath = path, ""
	return r
}
