package cloud_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

// What was made since a snapshot is gone after it is restored, and what was there
// is as it was.
func TestRestore(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	secrets := secretsmanager.NewFromConfig(aws.Config{
		Region: c.Region, HTTPClient: c, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	create := func(name string) {
		t.Helper()
		if _, err := secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: &name, SecretString: aws.String("of " + name)}); err != nil {
			t.Fatal(err)
		}
	}
	create("before")
	snapshot, err := c.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	create("after")
	if err := c.Restore(snapshot); err != nil {
		t.Fatal(err)
	}
	list, err := secrets.ListSecrets(t.Context(), &secretsmanager.ListSecretsInput{})
	if err != nil || len(list.SecretList) != 1 || *list.SecretList[0].Name != "before" {
		t.Errorf("got %+v, %v", list, err)
	}
	if err := c.Restore([]byte("{")); err == nil {
		t.Error("half a snapshot was restored")
	}
}
