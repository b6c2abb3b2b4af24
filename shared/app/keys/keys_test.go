package keys_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/keys"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/kms"
)

// The policies of keys name where the function runs, which it has from its
// environment; new tenants get the key that it names, if it does.
func TestKeysAreOfTheDeployment(t *testing.T) {
	t.Parallel()
	const shared = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/shared"
	k := keys.New(&app.Env{
		Config: environ.Config{Stage: "dev", Table: "table", AssumingRoles: "arn:aws-us-gov:iam::123456789012:role/tenon/dev/*", TenantKey: shared},
		AWS:    aws.Config{Region: "us-gov-west-1"},
	})
	want := kms.Owner{Partition: "aws-us-gov", Account: "123456789012", Region: "us-gov-west-1"}
	if diff := cmp.Diff([]kms.Owner{want, want}, []kms.Owner{k.KMS.Owner, k.Signer.Owner}); diff != "" {
		t.Errorf("owner of tenants' keys, of signing keys (-want +got):\n%s", diff)
	}
	if got := k.Onboarding().SharedKey; got != shared {
		t.Errorf("new tenants get %q", got)
	}
}
