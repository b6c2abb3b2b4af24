package client

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/oauth1"
	"github.com/tenonhq/tenon/shared/secret"
)

// What a lease calls the values that a Transport can use.
const (
	valueCertificate     = "certificate" // PEM, as is the key.
	valuePrivateKey      = "privateKey"
	valueSignatureMethod = "signatureMethod" // Of OAuth 1.0, as what follows.
	valueRealm           = "realm"
	valueConsumerKey     = "consumerKey"
	valueConsumerSecret  = "consumerSecret"
	valueToken           = "token"
	valueTokenSecret     = "tokenSecret"
)

// hold makes a lease ready for use. Connections that show a client certificate
// serve the next lease too, if that has the same certificate.
func hold(l api.Lease, base http.RoundTripper, prior *held) (*held, error) {
	certificate, key := l.Values[valueCertificate], l.Values[valuePrivateKey]
	switch {
	case certificate != "" && key != "":
	case len(l.Values) == 0 || len(l.Headers) > 0 || len(l.Query) > 0 || l.Values[valueSignatureMethod] != "":
		return &held{lease: l, base: base}, nil
	default:
		return nil, fmt.Errorf("connection %s has values that no Transport can put on a request: lease them with Call", l.ConnectionID)
	}
	if prior != nil && prior.lease.Values[valueCertificate] == certificate && prior.lease.Values[valuePrivateKey] == key {
		return &held{lease: l, base: prior.base}, nil
	}
	plain, ok := base.(*http.Transport)
	if !ok {
		return nil, errors.New("a client certificate needs a Base that is an *http.Transport")
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		return nil, fmt.Errorf("the client certificate of connection %s does not fit its key", l.ConnectionID)
	}
	showing := plain.Clone()
	if showing.TLSClientConfig == nil {
		showing.TLSClientConfig = &tls.Config{}
	}
	showing.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	if prior != nil && prior.base != base {
		closeIdle(prior.base)
	}
	return &held{lease: l, base: showing}, nil
}

// send makes the request with the credential on it.
func send(r *http.Request, target *url.URL, h *held) (*http.Response, error) {
	out := r.Clone(r.Context())
	out.URL = target
	for name, value := range h.lease.Headers {
		out.Header.Set(name, value)
	}
	if len(h.lease.Query) > 0 {
		placed, query := *target, target.Query()
		for name, value := range h.lease.Query {
			query.Set(name, value)
		}
		placed.RawQuery = query.Encode()
		out.URL = &placed
	}
	if err := sign(out, h.lease.Values); err != nil {
		return nil, errors.Join(fmt.Errorf("sign the request: %w", err), closeBody(r))
	}
	return h.base.RoundTrip(out)
}

// sign puts a signature of OAuth 1.0 on the request, where the lease has its keys.
func sign(r *http.Request, values map[string]string) error {
	if values[valueSignatureMethod] == "" {
		return nil
	}
	s := oauth1.Signature{
		Method: values[valueSignatureMethod], Realm: values[valueRealm],
		ConsumerKey: secret.FromString(values[valueConsumerKey]), ConsumerSecret: secret.FromString(values[valueConsumerSecret]),
		Token: secret.FromString(values[valueToken]), TokenSecret: secret.FromString(values[valueTokenSecret]),
	}
	part := oauth1.Request{Verb: r.Method, URL: r.URL, ContentType: r.Header.Get("Content-Type")}
	if r.Body != nil && oauth1.IsForm(part.ContentType) {
		form, err := io.ReadAll(r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil {
			return err
		}
		part.Body, r.Body = form, io.NopCloser(bytes.NewReader(form))
	}
	header, err := s.Authorization(part, s.Protocol(rand.Text(), time.Now()))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", header)
	return nil
}
