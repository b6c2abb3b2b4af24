package servers

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// What a person is told beyond the outcome.
const (
	messageSilent   = "The server did not answer in time."
	messageClosed   = "The server closed the connection."
	messageForeign  = "The server does not speak the expected protocol."
	messagePlain    = "The server does not offer TLS."
	messageWantsTLS = "The server accepts no connections without TLS."
	messageDatabase = "The database does not exist."
	messageAddress  = "The server accepts no connections from this address."
	messageMethod   = "The server asks for a way of authenticating that is not supported or not safe here."
)

// verdict is what an attempt showed. It is an error so that it passes through
// what calls it.
type verdict struct {
	outcome catalog.Outcome
	message string
}

// Error implements error.
func (v verdict) Error() string { return string(v.outcome) + ": " + v.message }

func (v verdict) probe() method.Probe { return method.Probe{Outcome: v.outcome, Message: v.message} }

// unreached is the result of a connection that was not made.
func unreached(err error) (method.Probe, error) {
	var f *fault.Error
	if errors.As(err, &f) {
		return method.Probe{}, f
	}
	return method.Probe{Outcome: catalog.NetworkError}, nil
}

// judge says what the failure of a driver means that is no answer of the server.
// Its text is not looked at: it may hold what the server said.
func judge(err error, w *wire, speaks func(first []byte) bool) verdict {
	first, broken := w.failure()
	var timeout interface{ Timeout() bool }
	switch {
	case insecure(err):
		return verdict{catalog.TLSError, ""}
	case len(first) > 0 && !speaks(first), errors.Is(broken, errTooMuch):
		return verdict{catalog.Unknown, messageForeign}
	case errors.As(broken, &timeout) && timeout.Timeout():
		return verdict{catalog.NetworkError, messageSilent}
	case broken != nil:
		return verdict{catalog.NetworkError, messageClosed}
	default:
		return verdict{catalog.Unknown, messageForeign}
	}
}

// insecure reports whether TLS could not be agreed on.
func insecure(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		invalid     x509.CertificateInvalidError
		record      tls.RecordHeaderError
		alert       *net.OpError
	)
	return errors.As(err, &certificate) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) ||
		errors.As(err, &record) || errors.As(err, &alert) && alert.Op == "remote error"
}
