package cloud

import (
	"encoding/json"
	"strings"
	"sync"
)

var kmsAPI = api{wire: "TrentService", name: "kms"}

// keyStore is AWS KMS. The cryptography is real, so ciphertexts, signatures
// and public keys behave as in the service, and key states are enforced.
type keyStore struct {
	cloud   *Cloud
	mu      sync.Mutex
	keys    map[string]*key
	aliases map[string]string // Alias name to key ID.
}

// keyRequest is any operation of the service.
type keyRequest struct {
	KeyId                        string
	SourceKeyId                  string
	DestinationKeyId             string
	AliasName                    string
	TargetKeyId                  string
	Description                  string
	Policy                       string
	PolicyName                   string
	GrantId                      string
	Origin                       string
	KeySpec                      string
	CustomerMasterKeySpec        string
	KeyUsage                     string
	SigningAlgorithm             string
	MessageType                  string
	MacAlgorithm                 string
	GranteePrincipal             string
	Operations                   []string
	Constraints                  json.RawMessage
	MultiRegion                  bool
	Tags                         []keyTag
	EncryptionContext            map[string]string
	SourceEncryptionContext      map[string]string
	DestinationEncryptionContext map[string]string
	Plaintext                    []byte
	CiphertextBlob               []byte
	Message                      []byte
	Signature                    []byte
	Mac                          []byte
	NumberOfBytes                int
	PendingWindowInDays          int

	BypassPolicyLockoutSafetyCheck bool

	who signer
}

func (r *keyRequest) resource() string {
	for _, name := range []string{r.KeyId, r.AliasName, r.DestinationKeyId} {
		if name != "" {
			return name
		}
	}
	return ""
}

func newKeyStore(c *Cloud) *keyStore {
	k := &keyStore{cloud: c, keys: map[string]*key{}, aliases: map[string]string{}}
	k.handle("CreateKey", k.create)
	k.handle("DescribeKey", k.onKey(describeKey))
	k.handle("ListKeys", k.list)
	k.handle("DisableKey", k.onKey(disableKey))
	k.handle("EnableKey", k.onKey(enableKey))
	k.handle("ScheduleKeyDeletion", k.onKey(k.scheduleDeletion))
	k.handle("CancelKeyDeletion", k.onKey(cancelDeletion))
	k.handle("EnableKeyRotation", k.onKey(enableRotation))
	k.handle("DisableKeyRotation", k.onKey(disableRotation))
	k.handle("GetKeyRotationStatus", k.onKey(rotationStatus))
	k.handle("RotateKeyOnDemand", k.onKey(rotateNow))
	k.handle("GetParametersForImport", k.onKey(importParameters))
	k.handle("PutKeyPolicy", k.onKey(k.putPolicy))
	k.handle("GetKeyPolicy", k.onKey(k.getPolicy))
	k.handle("CreateAlias", k.createAlias)
	k.handle("UpdateAlias", k.updateAlias)
	k.handle("DeleteAlias", k.deleteAlias)
	k.handle("ListAliases", k.listAliases)
	k.handle("CreateGrant", k.onKey(createGrant))
	k.handle("ListGrants", k.onKey(listGrants))
	k.handle("RevokeGrant", k.onKey(revokeGrant))
	k.handle("Encrypt", k.encrypt)
	k.handle("Decrypt", k.decrypt)
	k.handle("ReEncrypt", k.reEncrypt)
	k.handle("GenerateDataKey", k.dataKey)
	k.handle("GenerateDataKeyWithoutPlaintext", k.sealedDataKey)
	k.handle("GenerateRandom", k.random)
	k.handle("Sign", k.sign)
	k.handle("Verify", k.verify)
	k.handle("GetPublicKey", k.onKey(publicKey))
	k.handle("GenerateMac", k.generateMAC)
	k.handle("VerifyMac", k.verifyMAC)
	return k
}

func (k *keyStore) handle(name string, run func(*keyRequest) (object, error)) {
	handle(k.cloud, kmsAPI, name, locked(&k.mu, run))
}

// onKey finds the key a request names, in whatever state.
func (k *keyStore) onKey(run func(*key, *keyRequest) (object, error)) func(*keyRequest) (object, error) {
	return func(in *keyRequest) (object, error) {
		found, err := k.find(in.KeyId)
		if err != nil {
			return nil, err
		}
		return run(found, in)
	}
}

// find resolves a key ID, a key ARN, an alias or an alias ARN. A key whose
// deletion date has passed is gone, and its material with it.
func (k *keyStore) find(id string) (*key, error) {
	if i := strings.Index(id, "alias/"); i >= 0 {
		target, ok := k.aliases[id[i:]]
		if !ok {
			return nil, errorf("NotFoundException", "Alias %s is not found.", k.cloud.arn("kms", id[i:]))
		}
		id = target
	}
	id = lastElement(id, ":key/")
	found := k.keys[id]
	if found != nil && found.State == pendingDeletion && !k.cloud.Now().Before(found.Deletion) {
		delete(k.keys, id)
		found = nil
	}
	if found == nil {
		return nil, errorf("NotFoundException", "Key '%s' does not exist", k.cloud.arn("kms", "key/"+id))
	}
	return found, nil
}

// usable finds a key that may be used for cryptography of the given usage.
func (k *keyStore) usable(id, usage string) (*key, error) {
	found, err := k.find(id)
	if err != nil {
		return nil, err
	}
	switch found.State {
	case disabled:
		return nil, errorf("DisabledException", "%s is disabled.", found.ARN)
	case pendingDeletion:
		return nil, errorf("KMSInvalidStateException", "%s is pending deletion.", found.ARN)
	}
	if found.Usage != usage {
		return nil, errorf("InvalidKeyUsageException", "%s key usage is %s which is not valid for this operation.", found.ARN, found.Usage)
	}
	return found, nil
}

type keyState struct {
	Keys    map[string]*key
	Aliases map[string]string
}

func (k *keyStore) save() ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return json.Marshal(keyState{Keys: k.keys, Aliases: k.aliases})
}

func (k *keyStore) load(data []byte) error {
	state := keyState{Keys: map[string]*key{}, Aliases: map[string]string{}}
	if err := json.Unmarshal(data, &state); err != nil {
		return err
	}
	for _, loaded := range state.Keys {
		if err := loaded.parsePrivate(); err != nil {
			return err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = state.Keys
	k.aliases = state.Aliases
	return nil
}
