package simulate

import (
	"context"
	"io"
)

// PrintOutage is
func PrintOutage(ctx context.Context, out io.Writer) error { return nil }
