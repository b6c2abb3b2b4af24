package cloud

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"slices"
)

const (
	maxPlaintext  = 4096
	maxGeneration = 255

	// A ciphertext is the key ID, the generation, and an AES-256-GCM box that
	// authenticates both and the encryption context.
	keyIDLength  = 36
	headerLength = keyIDLength + 1
)

var errCiphertext = &Error{Code: "InvalidCiphertextException", Message: "The ciphertext is invalid or the encryption context does not match."}

// box is the cipher of one generation of a key.
func (k *key) box(generation int) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Material[generation])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// additionalData is what a ciphertext authenticates. The encoding is
// deterministic because encoding/json sorts map keys.
func additionalData(header []byte, context map[string]string) []byte {
	encoded, _ := json.Marshal(context)
	return slices.Concat(header, encoded)
}

func (k *key) seal(plaintext []byte, context map[string]string) ([]byte, error) {
	generation := len(k.Material) - 1
	box, err := k.box(generation)
	if err != nil {
		return nil, err
	}
	header := append([]byte(k.ID), byte(generation))
	return box.Seal(header, nil, plaintext, additionalData(header, context)), nil
}

// open decrypts a ciphertext with the key named inside it, which must be the
// expected key unless that is "".
func (k *keyStore) open(blob []byte, context map[string]string, expected string) (*key, []byte, error) {
	if len(blob) < headerLength {
		return nil, nil, errCiphertext
	}
	source, err := k.usable(string(blob[:keyIDLength]), encryptUsage)
	if apiError, ok := errors.AsType[*Error](err); ok && apiError.Code == "NotFoundException" {
		return nil, nil, errCiphertext
	}
	if err != nil {
		return nil, nil, err
	}
	if expected != "" {
		named, err := k.find(expected)
		if err != nil {
			return nil, nil, err
		}
		if named != source {
			return nil, nil, errorf("IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation.")
		}
	}
	generation := int(blob[keyIDLength])
	if generation >= len(source.Material) {
		return nil, nil, errCiphertext
	}
	box, err := source.box(generation)
	if err != nil {
		return nil, nil, err
	}
	plaintext, err := box.Open(nil, nil, blob[headerLength:], additionalData(blob[:headerLength], context))
	if err != nil {
		return nil, nil, errCiphertext
	}
	return source, plaintext, nil
}

func (k *keyStore) encrypt(in *keyRequest) (object, error) {
	if n := len(in.Plaintext); n == 0 || n > maxPlaintext {
		return nil, invalid("1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length between 1 and %d", maxPlaintext)
	}
	used, err := k.usable(in.KeyId, encryptUsage)
	if err != nil {
		return nil, err
	}
	blob, err := used.seal(in.Plaintext, in.EncryptionContext)
	return object{"KeyId": used.ARN, "CiphertextBlob": blob, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}, err
}

func (k *keyStore) decrypt(in *keyRequest) (object, error) {
	used, plaintext, err := k.open(in.CiphertextBlob, in.EncryptionContext, in.KeyId)
	if err != nil {
		return nil, err
	}
	return object{"KeyId": used.ARN, "Plaintext": plaintext, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}, nil
}

func (k *keyStore) reEncrypt(in *keyRequest) (object, error) {
	source, plaintext, err := k.open(in.CiphertextBlob, in.SourceEncryptionContext, in.SourceKeyId)
	if err != nil {
		return nil, err
	}
	destination, err := k.usable(in.DestinationKeyId, encryptUsage)
	if err != nil {
		return nil, err
	}
	blob, err := destination.seal(plaintext, in.DestinationEncryptionContext)
	return object{"CiphertextBlob": blob, "SourceKeyId": source.ARN, "KeyId": destination.ARN}, err
}

func (k *keyStore) sealedDataKey(in *keyRequest) (object, error) {
	answer, err := k.dataKey(in)
	delete(answer, "Plaintext")
	return answer, err
}

func (k *keyStore) dataKey(in *keyRequest) (object, error) {
	used, err := k.usable(in.KeyId, encryptUsage)
	if err != nil {
		return nil, err
	}
	size := in.NumberOfBytes
	switch in.KeySpec {
	case "AES_256":
		size = 32
	case "AES_128":
		size = 16
	}
	if size < 1 || size > 1024 {
		return nil, invalid("Please specify either number of bytes or key spec.")
	}
	plaintext := randomBytes(size)
	blob, err := used.seal(plaintext, in.EncryptionContext)
	return object{"KeyId": used.ARN, "Plaintext": plaintext, "CiphertextBlob": blob}, err
}

func (k *keyStore) random(in *keyRequest) (object, error) {
	if in.NumberOfBytes < 1 || in.NumberOfBytes > 1024 {
		return nil, invalid("NumberOfBytes must be between 1 and 1024")
	}
	return object{"Plaintext": randomBytes(in.NumberOfBytes)}, nil
}
