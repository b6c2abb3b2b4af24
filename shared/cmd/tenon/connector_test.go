package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConnector(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out bytes.Buffer
	c := connectorNewCommand{Name: "acme-crm", Scheme: "api_key", Dir: dir}
	if err := c.Run(&out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "acme-crm.json")
	begun, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(begun), `"type": "api_key"`) {
		t.Fatalf("%s, %v", begun, err)
	}
	for _, want := range []string{"/description is still to be filled in", "/verify/url still has the host", "go test ./shared/catalog/..."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, out.String())
		}
	}
	// What is there is never written over.
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(&out); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second time: %v", err)
	}
	if kept, _ := os.ReadFile(path); string(kept) != "mine" {
		t.Errorf("the file holds %s", kept)
	}
}

func TestConnectorRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []connectorNewCommand{
		{Name: "../acme", Scheme: "api_key"}, {Name: "Acme", Scheme: "api_key"}, {Name: "acme", Scheme: "password"},
	} {
		c.Dir = t.TempDir()
		if err := c.Run(new(bytes.Buffer)); err == nil {
			t.Errorf("%s, %s: accepted", c.Name, c.Scheme)
		}
		if files, _ := os.ReadDir(c.Dir); len(files) > 0 {
			t.Errorf("%s: a file was made", c.Name)
		}
	}
}
