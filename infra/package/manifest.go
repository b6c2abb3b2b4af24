package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// function is one row of the manifest.
type function struct {
	Name        string `json:"name"`
	BinaryBytes int    `json:"binaryBytes"`
	ZipBytes    int    `json:"zipBytes"`
	SHA256      string `json:"sha256"`     // Of the zip, in hexadecimal.
	CodeSHA256  string `json:"codeSha256"` // The same in Base64, as Lambda's GetFunction shows it.

	Go      string          `json:"-"`
	Modules []*debug.Module `json:"-"` // Linked into it, by path.
}

// packageOne zips one executable and returns its row.
func packageOne(executable, to string) (function, error) {
	content, err := os.ReadFile(executable)
	if err != nil {
		return function{}, fmt.Errorf("read the executable: %w", err)
	}
	info, err := buildinfo.Read(bytes.NewReader(content))
	if err != nil {
		return function{}, fmt.Errorf("read what it is made of: %w", err)
	}
	if !archived(to, content) {
		zipped, err := archive(content)
		if err != nil {
			return function{}, err
		}
		if err := replace(to, zipped); err != nil {
			return function{}, err
		}
	}
	zipped, err := os.ReadFile(to)
	if err != nil {
		return function{}, fmt.Errorf("read the zip: %w", err)
	}
	sum := sha256.Sum256(zipped)
	return function{
		Name: filepath.Base(executable), BinaryBytes: len(content), ZipBytes: len(zipped),
		SHA256: hex.EncodeToString(sum[:]), CodeSHA256: base64.StdEncoding.EncodeToString(sum[:]),
		Go: info.GoVersion, Modules: info.Deps,
	}, nil
}

// writeManifest writes manifest.json, and SHA256SUMS in the form of sha256sum(1).
func writeManifest(to string, functions []function) error {
	manifest, err := json.MarshalIndent(struct {
		Go        string     `json:"go"`
		Functions []function `json:"functions"`
	}{functions[0].Go, functions}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the manifest: %w", err)
	}
	if err := replace(filepath.Join(to, "manifest.json"), append(manifest, '\n')); err != nil {
		return err
	}
	var sums strings.Builder
	for _, f := range functions {
		fmt.Fprintf(&sums, "%s  %s.zip\n", f.SHA256, f.Name)
	}
	return replace(filepath.Join(to, "SHA256SUMS"), []byte(sums.String()))
}
