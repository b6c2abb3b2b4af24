package dev

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

// watch rebuilds the functions whenever their sources change, until ctx ends.
// The gateway notices a new binary by itself; after a failed build the old ones
// go on serving. built is the fingerprint of the sources of the last build.
func (b builder) watch(ctx context.Context, every time.Duration, built uint64) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := fingerprint(b.root)
		if now == built {
			continue
		}
		built = now
		if err := b.build(ctx); err != nil && ctx.Err() == nil {
			_, _ = fmt.Fprintf(b.out, "%v\nfunctions: the binaries of before keep serving\n", err)
		}
	}
}

// fingerprint changes when a source file below functions/ or shared/ is added,
// removed, renamed or written. Whatever is not a test counts, because any file
// may be embedded in a binary.
func fingerprint(root string) uint64 {
	hash := fnv.New64a()
	for _, dir := range []string{"functions", "shared"} {
		_ = filepath.WalkDir(filepath.Join(root, dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return nil // It vanished during the walk, which is a change.
			}
			name := entry.Name()
			if entry.IsDir() {
				if strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules" {
					return filepath.SkipDir
				}
				return nil
			}
			info, err := entry.Info()
			if err != nil || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			_, _ = fmt.Fprintf(hash, "%s %d %d\n", path, info.ModTime().UnixNano(), info.Size())
			return nil
		})
	}
	return hash.Sum64()
}
