package method

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"

	"github.com/tenonhq/tenon/shared/fault"
)

// ErrNotSent is wrapped by what Unreachable returns when the request cannot
// have reached the system: no connection to it was made.
var ErrNotSent = errors.New("nothing was sent")

// Unreachable classifies a transport error. The error text of net/http holds
// the URL, which may hold a secret, so only its kind is kept.
func Unreachable(err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		dial        *net.OpError
		timeout     interface{ Timeout() bool }
		cause       = errors.New("network")
	)
	switch {
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &record), errors.As(err, &alert):
		return fault.New(fault.Upstream, fault.CodeProviderTLS, "No secure connection to the system could be made.").Because(fmt.Errorf("tls: %w", ErrNotSent))
	case errors.As(err, &dial) && dial.Op == "dial":
		cause = fmt.Errorf("dial: %w", ErrNotSent)
	}
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fault.New(fault.UpstreamTimeout, fault.CodeProviderTimeout, "The system did not answer in time.").WithRemedy("retry").Because(cause)
	}
	return fault.New(fault.Upstream, fault.CodeProviderUnavailable, "The system could not be reached.").WithRemedy("retry").Because(cause)
}
