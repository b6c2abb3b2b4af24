package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"time"
)

// handler is the name Lambda starts a function by (AWS Lambda developer guide,
// "Building a custom runtime": the file bootstrap at the root).
const handler = "bootstrap"

// past is when every file was last changed: the first day a zip can say.
var past = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// header is that of the one file of a zip. Nothing of it depends on the machine.
func header() *zip.FileHeader {
	h := &zip.FileHeader{Name: handler, Method: zip.Deflate, Modified: past}
	h.SetMode(0o755)
	return h
}

// archive returns the zip of an executable.
func archive(executable []byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	file, err := w.CreateHeader(header())
	if err != nil {
		return nil, fmt.Errorf("begin the zip: %w", err)
	}
	if _, err := file.Write(executable); err != nil {
		return nil, fmt.Errorf("fill the zip: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("end the zip: %w", err)
	}
	return b.Bytes(), nil
}

// archived reports whether the zip at path is already that of the executable, so
// that a build after a small change does not compress everything again.
func archived(path string, executable []byte) bool {
	r, err := zip.OpenReader(path)
	if err != nil {
		return false
	}
	defer func() { _ = r.Close() }()
	if len(r.File) != 1 {
		return false
	}
	got, want := r.File[0], header()
	return got.Name == want.Name && got.Mode() == want.Mode() && got.Modified.Equal(past) &&
		got.UncompressedSize64 == uint64(len(executable)) && got.CRC32 == crc32.ChecksumIEEE(executable)
}

// replace writes a file so that whoever reads it sees the old or the new one.
func replace(path string, content []byte) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, content, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
