package cloudtest

import (
	"bytes"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

const invalidCiphertext = "InvalidCiphertextException"

// encryptionContext is bound to every data key of the probes.
var encryptionContext = map[string]string{"tenant": "t", "connection": "c"}

func (k *keyring) dataKey(id string) (*kms.GenerateDataKeyOutput, error) {
	return k.client.GenerateDataKey(k.ctx, &kms.GenerateDataKeyInput{KeyId: &id, KeySpec: types.DataKeySpecAes256, EncryptionContext: encryptionContext})
}

// decrypt returns the plaintext; keyID may be "".
func (k *keyring) decrypt(blob []byte, context map[string]string, keyID string) ([]byte, error) {
	answer, err := k.client.Decrypt(k.ctx, &kms.DecryptInput{CiphertextBlob: blob, EncryptionContext: context, KeyId: text(keyID)})
	if err != nil {
		return nil, err
	}
	return answer.Plaintext, nil
}

// sealed creates a key and a data key under it.
func (s *suite) sealed() (*keyring, *kms.GenerateDataKeyOutput) {
	k := s.symmetric()
	generated, err := k.dataKey(k.id)
	s.ok(err)
	return k, generated
}

var encryptionProbes = []probe{
	{"encrypt: a round trip", func(s *suite) {
		k := s.symmetric()
		answer, err := k.client.Encrypt(s.ctx, &kms.EncryptInput{KeyId: &k.id, Plaintext: []byte("text"), EncryptionContext: encryptionContext})
		s.ok(err)
		plaintext, err := k.decrypt(answer.CiphertextBlob, encryptionContext, "")
		s.ok(err)
		s.equal("plaintext", plaintext, []byte("text"))
	}},
	{"encrypt: more than 4096 bytes are invalid", func(s *suite) {
		k := s.symmetric()
		_, err := k.client.Encrypt(s.ctx, &kms.EncryptInput{KeyId: &k.id, Plaintext: make([]byte, 4097)})
		s.code(err, invalidRequest)
	}},
	{"data key: by alias, with 32 bytes", func(s *suite) {
		k := s.symmetric()
		answer, err := k.dataKey(k.alias())
		s.ok(err)
		s.equal("length", len(answer.Plaintext), 32)
		s.equal("key", aws.ToString(answer.KeyId), k.arn)
	}},
	{"data key: without plaintext", func(s *suite) {
		k := s.symmetric()
		answer, err := k.client.GenerateDataKeyWithoutPlaintext(s.ctx, &kms.GenerateDataKeyWithoutPlaintextInput{KeyId: &k.id, KeySpec: types.DataKeySpecAes256})
		s.ok(err)
		plaintext, err := k.decrypt(answer.CiphertextBlob, nil, "")
		s.ok(err)
		s.equal("length", len(plaintext), 32)
	}},
	{"decrypt: without a key ID", func(s *suite) {
		k, generated := s.sealed()
		plaintext, err := k.decrypt(generated.CiphertextBlob, encryptionContext, "")
		s.ok(err)
		s.equal("plaintext", plaintext, generated.Plaintext)
	}},
	{"decrypt: with an alias as key ID", func(s *suite) {
		k, generated := s.sealed()
		_, err := k.decrypt(generated.CiphertextBlob, encryptionContext, k.alias())
		s.ok(err)
	}},
	{"decrypt: another context fails", func(s *suite) {
		k, generated := s.sealed()
		_, err := k.decrypt(generated.CiphertextBlob, map[string]string{"tenant": "other", "connection": "c"}, "")
		s.code(err, invalidCiphertext)
	}},
	{"decrypt: no context fails", func(s *suite) {
		k, generated := s.sealed()
		_, err := k.decrypt(generated.CiphertextBlob, nil, "")
		s.code(err, invalidCiphertext)
	}},
	{"decrypt: a changed ciphertext fails", func(s *suite) {
		k, generated := s.sealed()
		blob := bytes.Clone(generated.CiphertextBlob)
		blob[len(blob)-1] ^= 1
		_, err := k.decrypt(blob, encryptionContext, "")
		s.code(err, invalidCiphertext)
	}},
	{"decrypt: another key ID fails", func(s *suite) {
		k, generated := s.sealed()
		_, err := k.decrypt(generated.CiphertextBlob, encryptionContext, s.symmetric().id)
		s.code(err, "IncorrectKeyException")
	}},
	{"re-encrypt: under another key", func(s *suite) {
		k, generated := s.sealed()
		other := s.symmetric()
		answer, err := k.client.ReEncrypt(s.ctx, &kms.ReEncryptInput{
			CiphertextBlob: generated.CiphertextBlob, SourceEncryptionContext: encryptionContext,
			DestinationKeyId: &other.id, DestinationEncryptionContext: encryptionContext,
		})
		s.ok(err)
		plaintext, err := k.decrypt(answer.CiphertextBlob, encryptionContext, other.id)
		s.ok(err)
		s.equal("plaintext", plaintext, generated.Plaintext)
	}},
	{"rotation: an old ciphertext still decrypts", func(s *suite) {
		k, generated := s.sealed()
		_, err := k.client.RotateKeyOnDemand(s.ctx, &kms.RotateKeyOnDemandInput{KeyId: &k.id})
		s.ok(err)
		plaintext, err := k.decrypt(generated.CiphertextBlob, encryptionContext, "")
		s.ok(err)
		s.equal("plaintext", plaintext, generated.Plaintext)
	}},
}

// refused expects every use of the key to fail.
func (k *keyring) refused(blob []byte, want string) {
	_, err := k.decrypt(blob, encryptionContext, "")
	k.code(err, want)
	_, err = k.dataKey(k.id)
	k.code(err, want)
	_, err = k.client.Encrypt(k.ctx, &kms.EncryptInput{KeyId: &k.id, Plaintext: []byte("x")})
	k.code(err, want)
}

func (k *keyring) scheduleDeletion(days int32) error {
	_, err := k.client.ScheduleKeyDeletion(k.ctx, &kms.ScheduleKeyDeletionInput{KeyId: &k.id, PendingWindowInDays: &days})
	return err
}

var keyStateProbes = []probe{
	{"state: a disabled key is refused until it is enabled", func(s *suite) {
		k, generated := s.sealed()
		_, err := k.client.DisableKey(s.ctx, &kms.DisableKeyInput{KeyId: &k.id})
		s.ok(err)
		k.refused(generated.CiphertextBlob, "DisabledException")
		_, err = k.client.EnableKey(s.ctx, &kms.EnableKeyInput{KeyId: &k.id})
		s.ok(err)
		_, err = k.decrypt(generated.CiphertextBlob, encryptionContext, "")
		s.ok(err)
	}},
	{"state: disabled by ARN", func(s *suite) {
		k := s.symmetric()
		_, err := k.client.DisableKey(s.ctx, &kms.DisableKeyInput{KeyId: &k.arn})
		s.ok(err)
		s.equal("state", k.metadata(k.id).KeyState, types.KeyStateDisabled)
	}},
	{"state: a deletion window of three days is invalid", func(s *suite) {
		s.code(s.symmetric().scheduleDeletion(3), invalidRequest)
	}},
	{"state: scheduled deletion has a date", func(s *suite) {
		k := s.symmetric()
		s.ok(k.scheduleDeletion(7))
		s.equal("state", k.metadata(k.id).KeyState, types.KeyStatePendingDeletion)
		s.expect("has a deletion date", k.metadata(k.id).DeletionDate != nil)
	}},
	{"state: a key pending deletion is refused", func(s *suite) {
		k, generated := s.sealed()
		s.ok(k.scheduleDeletion(7))
		k.refused(generated.CiphertextBlob, "KMSInvalidStateException")
	}},
	{"state: cancelling deletion leaves the key disabled", func(s *suite) {
		k := s.symmetric()
		s.ok(k.scheduleDeletion(7))
		_, err := k.client.CancelKeyDeletion(s.ctx, &kms.CancelKeyDeletionInput{KeyId: &k.id})
		s.ok(err)
		s.equal("state", k.metadata(k.id).KeyState, types.KeyStateDisabled)
	}},
}
