package signingtest_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	signingtest.Run(t, func(*testing.T) signing.Store { return signingtest.NewMemory() })
}

func TestKeys(t *testing.T) {
	t.Parallel()
	signingtest.RunKeys(t, func(*testing.T) signingtest.KeyService {
		keys := new(signingtest.Keys)
		return signingtest.KeyService{Keys: keys, Disable: func(_ *testing.T, arn string) { keys.Disable(arn) }}
	})
}
