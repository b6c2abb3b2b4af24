// Command package makes of the built functions what is deployed and released: a
// zip of each that is the same on every machine, a manifest with their checksums,
// and a bill of materials. It depends on the standard library alone; nothing that
// is deployed imports it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// options are the command line.
type options struct {
	from    string // Folder with one executable for each function.
	to      string // Folder of the zips, the manifest and the checksums.
	budgets string // File with what a function may weigh.
	bill    string // File of the bill of materials; empty makes none.
	lock    string // package-lock.json, for the bill.
	version string // Of the release, for the bill.
}

func main() {
	var o options
	flag.StringVar(&o.from, "from", ".build/arm64", "folder of the executables")
	flag.StringVar(&o.to, "to", ".build/lambda", "folder of the zips, manifest.json and SHA256SUMS")
	flag.StringVar(&o.budgets, "budgets", "infra/package/budgets.json", "file with what a function may weigh")
	flag.StringVar(&o.bill, "bill", "", "file of the bill of materials (CycloneDX JSON); none when absent")
	flag.StringVar(&o.lock, "lock", "package-lock.json", "lock file of the console's packages, for the bill")
	flag.StringVar(&o.version, "version", "dev", "version of the release, for the bill")
	flag.Parse()
	if err := run(o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "package:", err)
		os.Exit(1)
	}
}

// run packages every function. What is above its budget is an error, but only
// after everything was made, so that the manifest can be looked at.
func run(o options, out io.Writer) error {
	limits, err := readBudgets(o.budgets)
	if err != nil {
		return err
	}
	functions, err := packageAll(o.from, o.to)
	if err != nil {
		return err
	}
	if err := writeManifest(o.to, functions); err != nil {
		return err
	}
	if o.bill != "" {
		if err := writeBill(o.bill, o.lock, o.version, functions); err != nil {
			return err
		}
		fmt.Fprintf(out, "the bill of materials is %s\n", o.bill)
	}
	total := 0
	var problems []error
	for _, f := range functions {
		total += f.ZipBytes
		problems = append(problems, limits.check(f))
	}
	fmt.Fprintf(out, "%d zips of %.0f MB with %s are in %s\n", len(functions), float64(total)/1e6, functions[0].Go, o.to)
	return errors.Join(problems...)
}

// packageAll zips what is in the folder from into the folder to, and removes from
// there what is of no function any more.
func packageAll(from, to string) ([]function, error) {
	entries, err := os.ReadDir(from)
	if err != nil {
		return nil, fmt.Errorf("look for executables: %w", err)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of zips: %w", err)
	}
	var functions []function
	for _, entry := range entries { // Sorted by name.
		f, err := packageOne(filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name()+".zip"))
		if err != nil {
			return nil, fmt.Errorf("package %s: %w", entry.Name(), err)
		}
		functions = append(functions, f)
	}
	if len(functions) == 0 {
		return nil, fmt.Errorf("no executable in %s", from)
	}
	return functions, removeOthers(to, functions)
}

func removeOthers(to string, functions []function) error {
	left, err := os.ReadDir(to)
	if err != nil {
		return fmt.Errorf("look for old zips: %w", err)
	}
	for _, entry := range left {
		if slices.ContainsFunc(functions, func(f function) bool { return entry.Name() == f.Name+".zip" }) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(to, entry.Name())); err != nil {
			return fmt.Errorf("remove what is old: %w", err)
		}
	}
	return nil
}
