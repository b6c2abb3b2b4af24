package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// bill is a bill of materials of CycloneDX 1.6
// (https://cyclonedx.org/docs/1.6/json/). It has no time and its serial number is
// derived from the content, so that the same functions give the same bill.
type bill struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	SerialNumber string       `json:"serialNumber,omitempty"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Hashes  []hash `json:"hashes,omitempty"`
	PURL    string `json:"purl,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn,omitempty"`
}

// modulesFolder stands before the name of a package in a lock file.
const modulesFolder = "node_modules/"

// console is the function that serves the bundle, and so the npm packages in it.
const console = "console"

func writeBill(path, lock, version string, functions []function) error {
	packages, err := readPackages(lock)
	if err != nil {
		return err
	}
	b, err := newBill(version, functions, packages)
	if err != nil {
		return err
	}
	encoded, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the bill: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make the folder of the bill: %w", err)
	}
	return replace(path, append(encoded, '\n'))
}

// newBill says which modules are in each function, and which packages in the
// pages that the console serves.
func newBill(version string, functions []function, packages []component) (bill, error) {
	product := component{Type: "application", Ref: "tenon", Name: "tenon", Version: version}
	b := bill{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata: metadata{product},
	}
	root := dependency{Ref: product.Ref}
	parts := map[string]component{}
	for _, f := range functions {
		c := component{Type: "application", Ref: "function/" + f.Name, Name: f.Name, Version: version, Hashes: []hash{{"SHA-256", f.SHA256}}}
		linked := modules(f)
		if f.Name == console {
			linked = append(linked, packages...)
		}
		on := dependency{Ref: c.Ref}
		for _, part := range linked {
			parts[part.Ref] = part
			on.On = append(on.On, part.Ref)
		}
		slices.Sort(on.On)
		b.Components, b.Dependencies, root.On = append(b.Components, c), append(b.Dependencies, on), append(root.On, c.Ref)
	}
	for _, part := range parts {
		b.Components = append(b.Components, part)
	}
	b.Dependencies = append(b.Dependencies, root)
	slices.SortFunc(b.Components, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	slices.SortFunc(b.Dependencies, func(a, b dependency) int { return strings.Compare(a.Ref, b.Ref) })
	return b, b.number()
}

// modules are the Go modules in a function, and the standard library, which has
// vulnerabilities of its own.
func modules(f function) []component {
	standard := strings.TrimPrefix(f.Go, "go")
	list := []component{{Type: "library", Ref: "pkg:golang/std@" + standard, Name: "std", Version: standard, PURL: "pkg:golang/std@" + standard}}
	for _, m := range f.Modules {
		if m.Replace != nil {
			m = m.Replace
		}
		purl := "pkg:golang/" + m.Path + "@" + m.Version
		list = append(list, component{Type: "library", Ref: purl, Name: m.Path, Version: m.Version, PURL: purl})
	}
	return list
}

// readPackages returns the npm packages of the console's bundle: those the lock
// file has that are no tools for development.
func readPackages(lock string) ([]component, error) {
	content, err := os.ReadFile(lock)
	if err != nil {
		return nil, fmt.Errorf("read the lock file: %w", err)
	}
	var read struct {
		Packages map[string]struct {
			Version   string `json:"version"`
			Integrity string `json:"integrity"`
			Dev       bool   `json:"dev"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(content, &read); err != nil {
		return nil, fmt.Errorf("read the lock file %s: %w", lock, err)
	}
	var packages []component
	for path, p := range read.Packages {
		at := strings.LastIndex(path, modulesFolder)
		if at < 0 || p.Dev {
			continue
		}
		name := path[at+len(modulesFolder):]
		purl := "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version
		c := component{Type: "library", Ref: purl, Name: name, Version: p.Version, PURL: purl}
		if sum, ok := strings.CutPrefix(p.Integrity, "sha512-"); ok {
			raw, err := base64.StdEncoding.DecodeString(sum)
			if err != nil {
				return nil, fmt.Errorf("read the checksum of %s: %w", name, err)
			}
			c.Hashes = []hash{{"SHA-512", hex.EncodeToString(raw)}}
		}
		packages = append(packages, c)
	}
	slices.SortFunc(packages, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	return packages, nil
}

// number derives the serial number, a UUID of version 8 (RFC 9562).
func (b *bill) number() error {
	encoded, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("number the bill: %w", err)
	}
	sum := sha256.Sum256(encoded)
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	b.SerialNumber = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	return nil
}
