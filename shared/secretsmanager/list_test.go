package secretsmanager_test

import (
	"fmt"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/secretsmanager"
	"github.com/tenonhq/tenon/shared/vault"
)

var _ reconcile.Inventory = secretsmanager.Secrets{}

// A list has all secrets of the stage, none of another, over several pages.
func TestList(t *testing.T) {
	t.Parallel()
	cfg := awstest.Config(cloud.New())
	key := store(t, cfg).KeyARN
	client := sdk.NewFromConfig(cfg)
	var want []string
	for stage, many := range map[string]int{"dev": 205, "dev2": 2, "prod": 2} {
		secrets := secretsmanager.Secrets{Client: client, Stage: stage}
		for n := range many {
			made := vault.SecretName(stage, "acme", fmt.Sprintf("con_%03d", n), "r")
			if _, err := secrets.Create(t.Context(), made, key, vault.Token(made), secret.FromString("v")); err != nil {
				t.Fatal(err)
			}
			if stage == "dev" {
				want = append(want, made)
			}
		}
	}
	dev := secretsmanager.Secrets{Client: client, Stage: "dev"}
	list := func(before time.Time) (got []string, pages int) {
		for start, more := "", true; more && pages < 9; more = start != "" {
			names, next, err := dev.List(t.Context(), before, start)
			if err != nil {
				t.Fatal(err)
			}
			got, start, pages = append(got, names...), next, pages+1
		}
		return got, pages
	}
	got, pages := list(time.Now().Add(time.Hour))
	if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
	if got, _ := list(time.Now().Add(-time.Hour)); len(got) != 0 {
		t.Errorf("got %v of the last hour, want none", got)
	}
}
