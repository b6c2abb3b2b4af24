package kms_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/page/pagetest"
)

func newMAC(t *testing.T, client *sdk.Client) kms.MAC {
	t.Helper()
	key, err := client.CreateKey(t.Context(), &sdk.CreateKeyInput{KeySpec: types.KeySpecHmac256, KeyUsage: types.KeyUsageTypeGenerateVerifyMac})
	if err != nil {
		t.Fatal(err)
	}
	return kms.MAC{Client: client, KeyID: aws.ToString(key.KeyMetadata.KeyId)}
}

func TestMAC(t *testing.T) {
	t.Parallel()
	_, client := local()
	pagetest.RunMAC(t, newMAC(t, client))
}

// TestMACOnMoto is the second opinion.
func TestMACOnMoto(t *testing.T) {
	t.Parallel()
	pagetest.RunMAC(t, newMAC(t, sdk.NewFromConfig(awstest.Moto(t))))
}
