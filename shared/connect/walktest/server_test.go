package walktest_test

import (
	"context"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// server is a method.Prober of the one server of a provider.
type server struct{ provider *catalogtest.Provider }

// Probe implements method.Prober: it logs in with the values alone, by the words
// of package method.
func (s server) Probe(_ context.Context, l method.Login) (method.Probe, error) {
	p, spec := s.provider, s.provider.Scheme.Server
	values := p.PlacedValues("", p.Fields)
	if host, port := p.Filled(spec.Host), p.Filled(spec.Port); l.Tenant != "acme" || l.Protocol != spec.Protocol || l.Host != host || l.Port != port {
		return method.Probe{Outcome: catalog.NetworkError, Message: "There is no such server."}, nil
	}
	probe := method.Probe{Outcome: catalog.OK, AccountID: "sample@" + l.Host, AccountName: "sample@" + l.Host}
	if l.Protocol == "sftp" {
		probe.HostKey = catalogtest.HostKey
		if l.Values[method.ValueHostKey].Reveal() != probe.HostKey {
			return method.Probe{Outcome: catalog.TLSError, HostKey: probe.HostKey}, nil
		}
	}
	words := []string{
		method.ValueUser, method.ValuePassword, method.ValuePrivateKey, method.ValuePassphrase, method.ValuePath, method.ValueDatabase,
		method.ValueTLSMode, method.ValueAuthority, method.ValueClientCertificate, method.ValueClientKey,
	}
	known := 0
	for _, word := range words {
		if l.Values[word].Reveal() != values[word] {
			return method.Probe{Outcome: catalog.AuthError}, nil
		}
		if _, credential := p.Fields[word]; credential && values[word] != "" {
			known++
		}
	}
	if known != len(p.Fields) {
		return method.Probe{Outcome: catalog.AuthError, Message: "Not all of the credential was shown."}, nil
	}
	return probe, nil
}

// walkSSH sends no credential to a server whose host key nobody has confirmed.
func walkSSH(t *testing.T, w *world) {
	confirmed, ok := w.provider.Inputs[method.ValueHostKey]
	if !ok {
		t.Fatalf("there is no input %s", method.ValueHostKey)
	}
	delete(w.provider.Inputs, method.ValueHostKey)
	if _, err := w.create(t.Context(), w.provider.Fields); !fault.Has(err, fault.CodeHostKeyUnconfirmed) {
		t.Errorf("an unconfirmed host key: got %v, want %s", err, fault.CodeHostKeyUnconfirmed)
	}
	w.nothing()
	w.provider.Inputs[method.ValueHostKey] = "SHA256:" + "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	if _, err := w.create(t.Context(), w.provider.Fields); !fault.Has(err, fault.CodeProviderTLS) {
		t.Errorf("another host key: got %v, want %s", err, fault.CodeProviderTLS)
	}
	w.nothing()
	w.provider.Inputs[method.ValueHostKey] = confirmed
	walkStatic(t, w)
}
