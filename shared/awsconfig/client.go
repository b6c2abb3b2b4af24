package awsconfig

import (
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// The bounds of one attempt. An answer of AWS that takes longer than its
// headers' bound is repeated rather than waited for.
const (
	connectTimeout = 2 * time.Second
	tlsTimeout     = 3 * time.Second
	headerTimeout  = 5 * time.Second
	keepAlive      = 30 * time.Second
	idleTimeout    = 90 * time.Second
	idlePerHost    = 16
)

// client hides the WriterTo of request bodies. The SDK closes a body as soon
// as the answer's headers arrive; its WriteTo then ends with io.EOF, which
// net/http takes for a broken connection (aws/aws-sdk-go-v2 issue 1825). A
// near and fast endpoint meets that in one call of a hundred.
type client struct{ inner *awshttp.BuildableClient }

// newClient trusts the authorities in roots; nil means the machine's.
func newClient(roots *x509.CertPool) client {
	return client{awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) {
			d.Timeout, d.KeepAlive = connectTimeout, keepAlive
		}).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout = tlsTimeout
			t.ResponseHeaderTimeout = headerTimeout
			t.IdleConnTimeout = idleTimeout
			t.MaxIdleConnsPerHost = idlePerHost
			t.TLSClientConfig.RootCAs = roots
		})}
}

// Do implements aws.HTTPClient.
func (c client) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return c.inner.Do(r)
	}
	hidden := *r
	hidden.Body = struct{ io.ReadCloser }{r.Body}
	return c.inner.Do(&hidden)
}
