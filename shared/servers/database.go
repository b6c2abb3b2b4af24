package servers

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// errDriver is returned for a driver that refuses settings of our own; its reason
// may quote the password.
var errDriver = errors.New("the driver cannot be set up")

// engine is one kind of database.
type engine struct {
	// ask logs in over the connection, selects 1 and closes. Without a TLS
	// configuration it speaks plainly; a secret goes in clear text only over a
	// connection whose other end is verified.
	ask func(ctx context.Context, conn *wire, l method.Login, s security) error
	// answer returns the meaning of what the server said, if err is that.
	answer func(err error) (verdict, bool)
	// speaks reports whether the server's first bytes are of its protocol.
	speaks func(first []byte) bool
	// reveals says that over TLS the password is sent as it is, whoever is there.
	reveals bool
}

func (p Prober) database(ctx context.Context, l method.Login, e engine) (method.Probe, error) {
	s, err := newSecurity(l)
	if err != nil {
		return method.Probe{}, err
	}
	conn, err := p.connect(ctx, l)
	if err != nil {
		return unreached(err)
	}
	defer conn.Close()
	if s.config == nil && !private(conn.RemoteAddr()) {
		return method.Probe{}, wrongInput(method.ValueTLSMode, "Without TLS only a server of a private network may be reached.")
	}
	if e.reveals && !s.verified && !l.Values[method.ValuePassword].IsZero() && !private(conn.RemoteAddr()) {
		return method.Probe{}, wrongInput(method.ValueTLSMode, "Must have the certificate verified: such a server is told the password as it is. Give its authority where it is not a public one.")
	}
	err = safely(func() error { return e.ask(ctx, conn, l, s) })
	if err == nil {
		return method.Probe{Outcome: catalog.OK}, nil
	}
	var v verdict
	switch known, ok := e.answer(err); {
	case ok:
		return known.probe(), nil
	case errors.As(err, &v):
		return v.probe(), nil
	case errors.Is(err, errDriver):
		return method.Probe{}, err
	default:
		return judge(err, conn, e.speaks).probe(), nil
	}
}

// safely is what a driver returns, or a verdict where it panics: some take for
// granted what a server says.
func safely(ask func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = verdict{catalog.Unknown, messageForeign} // What it said may quote the server.
		}
	}()
	return ask()
}

// private reports whether an address is of a private network or of this machine,
// which a dialler reaches for a developer only.
func private(a net.Addr) bool {
	target, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return false
	}
	ip := target.Addr().Unmap()
	return ip.IsPrivate() || ip.IsLoopback()
}

// security is how the connection to a database is protected.
type security struct {
	config   *tls.Config // nil for no TLS.
	verified bool        // The certificate must be of an authority that is trusted.
	client   bool        // A client certificate is shown.
}
