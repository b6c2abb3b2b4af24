package functionstest

import (
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// Devices returns Connect for the connectors of a developer's machine, among
// which one has the device grant.
func (w *World) Devices() *connect.Service {
	s := w.Connect()
	s.Templates.Catalog.Local = true
	return s
}

// AskDevice makes a connection of Acme's that waits for a person on another
// device. The person agrees when the provider is asked.
func (w *World) AskDevice() connect.Started {
	w.t.Helper()
	s := w.Devices()
	made, err := s.Templates.Create(w.t.Context(), Person(Acme), template.Define{
		Connector: "demo-device", Name: "Device", StableKey: "device", Scheme: "oauth2_device_code", ClientID: "fake-client-of-acme",
		ClientSecret: secret.FromString("fake-client-secret-of-acme-0001"), Inputs: map[string]string{"baseUrl": "https://acme.example.com"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := s.Create(w.t.Context(), Person(Acme), connect.New{TemplateID: made.ID, Name: "Television"})
	if err != nil {
		w.t.Fatal(err)
	}
	started, err := s.Authorize(w.t.Context(), Person(Acme), connect.Ask{ConnectionID: c.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	return started
}
