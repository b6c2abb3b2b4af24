package kms_test

import (
	"testing"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/kms"
)

// TestFreshKeyIsWaitedFor: what KMS does not know everywhere at once, a key or its
// tags, fails no creation and makes no second key.
func TestFreshKeyIsWaitedFor(t *testing.T) {
	t.Parallel()
	for target, code := range map[string]string{
		"kms.EnableKeyRotation": "NotFoundException",
		"kms.CreateAlias":       "AccessDeniedException",
		"kms.GetPublicKey":      "AccessDeniedException",
	} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			c, client := local()
			refused, made := 0, 0
			c.Fault = func(called string, _ []byte) error {
				if called == "kms.CreateKey" {
					made++
				}
				if called == target && refused == 0 {
					refused++
					return &cloud.Error{Code: code, Message: "not yet", Status: 400}
				}
				return nil
			}
			var err error
			if target == "kms.GetPublicKey" {
				_, _, err = kms.Signer{Client: client, Stage: "dev", Owner: owner}.CreateSigningKey(t.Context(), "acme", "sk_1", "ES256", 0)
			} else {
				_, err = kms.Keys{Client: client, Stage: "dev", Owner: owner}.CreateTenantKey(t.Context(), "acme")
			}
			if err != nil || refused != 1 || made != 1 {
				t.Errorf("refused %d times and %d keys made, want 1 and 1: %v", refused, made, err)
			}
		})
	}
}
