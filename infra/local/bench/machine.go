package bench

import (
	"fmt"
	"os"
	goruntime "runtime"
	"strings"
)

// machine says what was measured on.
func machine() string {
	model := "unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, found := strings.CutPrefix(line, "model name"); found {
				model = strings.TrimSpace(strings.TrimLeft(name, "\t :"))
				break
			}
		}
	}
	return fmt.Sprintf("%d processors (%s), %s/%s, %s", goruntime.NumCPU(), model, goruntime.GOOS, goruntime.GOARCH, goruntime.Version())
}
