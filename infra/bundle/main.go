// Command bundle makes of the console's sources what its function serves. It
// depends on esbuild, which runs in this process, and on the npm packages of the
// lock file; nothing that is deployed imports it.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// hashed is the name of a file that changes with what is in it.
const hashed = "assets/[name]-[hash]"

// groups are the entry points below the source folder that share what they have in
// common. The console's files are named by their content; the elements keep their
// name, by which others load them.
var groups = []struct {
	names   string
	entries []string
}{
	{hashed, []string{"src/console/main.ts", "src/console/page.css"}},
	{"[name]", []string{"src/elements/elements.ts", "src/elements/connect-button.ts"}},
}

func main() {
	from := flag.String("from", "functions/console/ui", "folder of the sources")
	to := flag.String("to", "functions/console/dist", "folder that is replaced")
	flag.Parse()
	if err := bundle(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

// bundle replaces the folder to by what it makes of from.
func bundle(from, to string) error {
	var files []api.OutputFile
	page, err := os.ReadFile(filepath.Join(from, "src/console/index.html"))
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	for _, group := range groups {
		made, err := build(from, to, group.entries, group.names)
		if err != nil {
			return err
		}
		files = append(files, made...)
	}
	if err := os.RemoveAll(to); err != nil {
		return fmt.Errorf("clear the folder: %w", err)
	}
	out, err := filepath.Abs(to)
	if err != nil {
		return fmt.Errorf("find the folder: %w", err)
	}
	for _, f := range files {
		name, err := filepath.Rel(out, f.Path)
		if err != nil {
			return fmt.Errorf("name %s: %w", f.Path, err)
		}
		page = link(page, filepath.ToSlash(name))
		if err := write(f.Path, f.Contents); err != nil {
			return err
		}
	}
	if bytes.Contains(page, []byte("{{main")) || bytes.Contains(page, []byte("{{page")) {
		return errors.New("the page names a file that was not made")
	}
	return write(filepath.Join(out, "index.html"), page)
}

// build bundles entries that share what they have in common.
func build(from, to string, entries []string, names string) ([]api.OutputFile, error) {
	var points []api.EntryPoint
	for _, entry := range entries {
		points = append(points, api.EntryPoint{InputPath: filepath.Join(from, entry), OutputPath: strings.TrimSuffix(filepath.Base(entry), filepath.Ext(entry))})
	}
	result := api.Build(api.BuildOptions{
		EntryPointsAdvanced: points, Outdir: to, EntryNames: names, ChunkNames: hashed,
		Bundle: true, Splitting: true, Format: api.FormatESModule, Target: api.ES2022, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
		Tsconfig: filepath.Join(from, "tsconfig.json"), Conditions: []string{"production"}, Write: false,
	})
	var problems []error
	for _, m := range slices.Concat(result.Errors, result.Warnings) {
		where := ""
		if m.Location != nil {
			where = fmt.Sprintf("%s:%d: ", m.Location.File, m.Location.Line)
		}
		problems = append(problems, fmt.Errorf("%s%s", where, m.Text))
	}
	return result.OutputFiles, errors.Join(problems...)
}

// link writes the name of a file into the page where it stands without its hash.
func link(page []byte, name string) []byte {
	plain, _, found := strings.Cut(filepath.Base(name), "-")
	if !found {
		return page
	}
	return bytes.ReplaceAll(page, []byte("{{"+plain+filepath.Ext(name)+"}}"), []byte("/console/"+name))
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
