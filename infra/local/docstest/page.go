// Package docstest reads the project's documents as its tests do: which blocks of
// commands they have, what each is followed by, where their links lead. Commands
// that run anywhere are run by infra/local/e2e against a running environment; the
// tests of this package look at all the rest. It depends on the standard library
// only.
package docstest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Page is one document.
type Page struct {
	Path    string // Below the root, with slashes.
	Blocks  []Block
	Links   []Link
	Code    []Link // What stands between backticks in a line, such as a command.
	Anchors []string
}

// Block is what stands between two fences.
type Block struct {
	Line     int    // Of the first fence.
	Language string // First word of the info string.
	Class    string // The rest of it.
	Text     string
	Output   string // Of the block of text or json right behind a block of commands; empty where there is none.
}

// Link is a piece of a line, and the line it stands in.
type Link struct {
	Line int
	Text string
}

// Pages reads README.md and what lies in infra/docs, in order of their names.
func Pages(root string) ([]Page, error) {
	paths, err := filepath.Glob(filepath.Join(root, "infra", "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	var pages []Page
	for _, path := range append([]string{filepath.Join(root, "README.md")}, paths...) {
		p, err := Read(root, path)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, nil
}

// Read reads one document, which lies below root.
func Read(root, path string) (Page, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Page{}, err
	}
	name, err := filepath.Rel(root, path)
	if err != nil {
		return Page{}, err
	}
	p, err := Parse(string(text))
	p.Path = filepath.ToSlash(name)
	if err != nil {
		return p, fmt.Errorf("%s: %w", p.Path, err)
	}
	return p, nil
}

var (
	fence   = regexp.MustCompile("^( *)```(.*)$")
	heading = regexp.MustCompile(`^#{1,6} +(.+?)\s*$`)
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	inline  = regexp.MustCompile("`([^`]+)`")
)

// Parse reads the text of a document.
func Parse(text string) (Page, error) {
	var p Page
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		open := fence.FindStringSubmatch(lines[i])
		if open == nil {
			p.prose(i+1, lines[i])
			continue
		}
		end := i + 1
		for end < len(lines) && strings.TrimSpace(lines[end]) != "```" {
			end++
		}
		if end == len(lines) {
			return p, fmt.Errorf("the block of line %d has no end", i+1)
		}
		language, class, _ := strings.Cut(open[2], " ")
		b := Block{Line: i + 1, Language: language, Class: class}
		for _, line := range lines[i+1 : end] {
			b.Text += strings.TrimPrefix(line, open[1]) + "\n"
		}
		p.add(b, lines)
		i = end
	}
	return p, nil
}

// add appends a block, or makes it the output of the one right before it.
func (p *Page) add(b Block, lines []string) {
	if n := len(p.Blocks); n > 0 && (b.Language == "text" || b.Language == "json") {
		before := &p.Blocks[n-1]
		from := before.Line + 1 + strings.Count(before.Text, "\n")
		if before.Language == "sh" && before.Output == "" && strings.TrimSpace(strings.Join(lines[from:b.Line-1], "")) == "" {
			before.Output = b.Text
		}
	}
	p.Blocks = append(p.Blocks, b)
}

// prose takes what is of interest from a line outside of blocks.
func (p *Page) prose(number int, line string) {
	if h := heading.FindStringSubmatch(line); h != nil {
		p.Anchors = append(p.Anchors, anchor(h[1], p.Anchors))
	}
	for _, m := range inline.FindAllStringSubmatch(line, -1) {
		p.Code = append(p.Code, Link{number, m[1]})
	}
	for _, m := range link.FindAllStringSubmatch(inline.ReplaceAllString(line, "``"), -1) {
		p.Links = append(p.Links, Link{number, m[1]})
	}
}

var dropped = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)

// anchor is what GitHub calls a heading: in lower case, without punctuation, with
// dashes for spaces, and with a number where the page has it already.
func anchor(title string, taken []string) string {
	title = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(title, "$1")
	name := strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(title), ""), " ", "-")
	for i, unique := 1, name; ; i++ {
		if !slices.Contains(taken, unique) {
			return unique
		}
		unique = fmt.Sprintf("%s-%d", name, i)
	}
}
