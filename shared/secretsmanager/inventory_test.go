package secretsmanager_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/secretsmanager"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

var _ vault.Inventory = secretsmanager.Secrets{}

// inventory returns the contract's view of an account.
func inventory(t *testing.T, cfg aws.Config) vaulttest.InventoryStore {
	t.Helper()
	s := store(t, cfg)
	client := sdk.NewFromConfig(cfg)
	return vaulttest.InventoryStore{SecretStore: s, Inventory: s.Secrets.(vault.Inventory), Restore: func(t *testing.T, name string) {
		t.Helper()
		if _, err := client.RestoreSecret(t.Context(), &sdk.RestoreSecretInput{SecretId: aws.String(name)}); err != nil {
			t.Fatal(err)
		}
	}}
}

func TestInventory(t *testing.T) {
	t.Parallel()
	vaulttest.RunInventory(t, func(t *testing.T) vaulttest.InventoryStore {
		return inventory(t, awstest.Config(cloud.New()))
	}, nil)
}

// TestInventoryOnMoto is the second opinion, each case on an account that was
// emptied.
func TestInventoryOnMoto(t *testing.T) {
	t.Parallel()
	cfg := awstest.Moto(t)
	vaulttest.RunInventory(t, func(t *testing.T) vaulttest.InventoryStore {
		s := inventory(t, cfg)
		client := sdk.NewFromConfig(cfg)
		all, err := client.ListSecrets(t.Context(), &sdk.ListSecretsInput{IncludePlannedDeletion: aws.Bool(true)})
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range all.SecretList {
			if err := s.Secrets.Delete(t.Context(), aws.ToString(entry.Name)); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}, nil)
}

// A list has all secrets of the stage, none of another, over several pages.
func TestListIsOfTheStage(t *testing.T) {
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
	var got []string
	pages := 0
	for start, more := "", true; more && pages < 9; more = start != "" {
		page, next, err := dev.List(t.Context(), time.Now().Add(time.Hour), start)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range page {
			got = append(got, found.Name)
		}
		start, pages = next, pages+1
	}
	if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
}

// Tags that someone else wrote are read with care: a quarantine that is no time
// has not begun.
func TestTagsOfOthers(t *testing.T) {
	t.Parallel()
	cfg := awstest.Config(cloud.New())
	client := sdk.NewFromConfig(cfg)
	const manual = "tenon/test/acme/con_1/by-hand"
	_, err := client.CreateSecret(t.Context(), &sdk.CreateSecretInput{
		Name: aws.String(manual), SecretString: aws.String("v"),
		Tags: []types.Tag{{Key: aws.String("tenon:orphan-since"), Value: aws.String("yesterday")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	page, _, err := secretsmanager.Secrets{Client: client, Stage: "test"}.List(t.Context(), time.Now().Add(time.Hour), "")
	if diff := cmp.Diff([]vault.Stored{{Name: manual}}, page); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestInventoryFailures(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	c.Fault = func(string, []byte) error { return &cloud.Error{Code: "ThrottlingException", Message: "no"} }
	s := secretsmanager.Secrets{Client: sdk.NewFromConfig(awstest.Config(c)), Stage: "dev"}
	_, _, list := s.List(t.Context(), time.Now(), "")
	for doing, err := range map[string]error{
		"list": list, "quarantine": s.Quarantine(t.Context(), name, time.Now()), "release": s.Release(t.Context(), name), "discard": s.Discard(t.Context(), name),
	} {
		if !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("%s: got %v, want retry_later", doing, err)
		}
	}
}
