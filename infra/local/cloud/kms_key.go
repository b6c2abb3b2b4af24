package cloud

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// The values of key states and usages.
const (
	enabled         = "Enabled"
	disabled        = "Disabled"
	pendingDeletion = "PendingDeletion"

	encryptUsage = "ENCRYPT_DECRYPT"
	signUsage    = "SIGN_VERIFY"
	macUsage     = "GENERATE_VERIFY_MAC"
)

type keyTag struct {
	TagKey   string
	TagValue string
}

type keyGrant struct {
	GrantId          string
	KeyId            string
	GranteePrincipal string
	Operations       []string
	Constraints      json.RawMessage `json:",omitempty"`
}

// key is one KMS key with its material.
type key struct {
	ID          string
	ARN         string
	Spec        string
	Usage       string
	State       string
	Description string
	Policy      string
	Created     time.Time
	Deletion    time.Time
	Rotation    bool
	MultiRegion bool
	Tags        []keyTag
	Grants      []keyGrant

	// Material holds the generations of a symmetric key, or one HMAC key.
	Material [][]byte
	// Private is the private key of an asymmetric key in PKCS #8.
	Private []byte

	signer crypto.Signer // Parsed from Private.
	parsed *iam.Document // Policy, when it was needed.
}

func (k *keyStore) create(in *keyRequest) (object, error) {
	if in.Origin != "" && in.Origin != "AWS_KMS" {
		return nil, errorf("UnsupportedOperationException", "Keys of origin %s are not served.", in.Origin)
	}
	if err := k.checkPolicy(in); err != nil {
		return nil, err
	}
	created := &key{
		ID:          newUUID(),
		Spec:        in.KeySpec,
		Usage:       in.KeyUsage,
		State:       enabled,
		Description: in.Description,
		Policy:      in.Policy,
		Created:     k.cloud.Now(),
		Tags:        in.Tags,
		MultiRegion: in.MultiRegion,
	}
	if in.MultiRegion {
		created.ID = "mrk-" + strings.ReplaceAll(created.ID, "-", "")
	}
	if created.Spec == "" {
		created.Spec = in.CustomerMasterKeySpec
	}
	if created.Spec == "" {
		created.Spec = "SYMMETRIC_DEFAULT"
	}
	if created.Usage == "" {
		created.Usage = encryptUsage
	}
	created.ARN = k.cloud.arn("kms", "key/"+created.ID)
	if err := created.generate(); err != nil {
		return nil, err
	}
	k.keys[created.ID] = created
	return object{"KeyMetadata": created.metadata()}, nil
}

// generate creates the key's material and checks its usage.
func (k *key) generate() error {
	usage := signUsage
	var err error
	switch k.Spec {
	case "SYMMETRIC_DEFAULT":
		usage = encryptUsage
		k.Material = [][]byte{randomBytes(32)}
	case "HMAC_256", "HMAC_384", "HMAC_512":
		usage = macUsage
		k.Material = [][]byte{randomBytes(64)}
	case "RSA_2048":
		k.signer, err = rsa.GenerateKey(rand.Reader, 2048)
	case "RSA_3072":
		k.signer, err = rsa.GenerateKey(rand.Reader, 3072)
	case "RSA_4096":
		k.signer, err = rsa.GenerateKey(rand.Reader, 4096)
	case "ECC_NIST_P256":
		k.signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ECC_NIST_P384":
		k.signer, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ECC_NIST_P521":
		k.signer, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	default:
		return invalid("KeySpec %s is not served", k.Spec)
	}
	if err != nil {
		return fmt.Errorf("generate key: %w", err)
	}
	if k.Usage != usage {
		return invalid("KeyUsage %s is not compatible with KeySpec %s", k.Usage, k.Spec)
	}
	if k.signer == nil {
		return nil
	}
	k.Private, err = x509.MarshalPKCS8PrivateKey(k.signer)
	return err
}

func (k *key) parsePrivate() error {
	if k.Private == nil {
		return nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(k.Private)
	if err != nil {
		return fmt.Errorf("parse private key of %s: %w", k.ID, err)
	}
	signer, ok := parsed.(crypto.Signer)
	if !ok {
		return fmt.Errorf("parse private key of %s: not a signing key", k.ID)
	}
	k.signer = signer
	return nil
}

func (k *key) metadata() object {
	metadata := object{
		"KeyId":                 k.ID,
		"Arn":                   k.ARN,
		"AWSAccountId":          strings.Split(k.ARN, ":")[4],
		"KeySpec":               k.Spec,
		"CustomerMasterKeySpec": k.Spec,
		"KeyUsage":              k.Usage,
		"KeyState":              k.State,
		"Enabled":               k.State == enabled,
		"Description":           k.Description,
		"CreationDate":          k.Created.Unix(),
		"KeyManager":            "CUSTOMER",
		"Origin":                "AWS_KMS",
		"MultiRegion":           k.MultiRegion,
	}
	if k.State == pendingDeletion {
		metadata["DeletionDate"] = k.Deletion.Unix()
	}
	if algorithms := k.signingAlgorithms(); algorithms != nil {
		metadata["SigningAlgorithms"] = algorithms
	}
	return metadata
}

func describeKey(k *key, _ *keyRequest) (object, error) {
	return object{"KeyMetadata": k.metadata()}, nil
}

func (k *keyStore) list(*keyRequest) (object, error) {
	list := []object{}
	for _, id := range slices.Sorted(maps.Keys(k.keys)) {
		list = append(list, object{"KeyId": id, "KeyArn": k.keys[id].ARN})
	}
	return object{"Keys": list}, nil
}

// importParameters answers as for any key whose material KMS generated, the
// only origin served.
func importParameters(k *key, _ *keyRequest) (object, error) {
	return nil, errorf("UnsupportedOperationException", "%s origin is AWS_KMS which is not valid for this operation.", k.ARN)
}
