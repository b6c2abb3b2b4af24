package catalogtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/tenonhq/tenon/shared/catalog"
)

// credential returns the nth credential of the scheme: that of SampleFields, with
// something real where the type reads more than a text. A key that signs an
// assertion is always given, for nothing else would sign it.
func (p *Provider) credential(n int, optional bool) (map[string]string, error) {
	sample, err := SampleFields(p.Scheme.Fields, n, optional)
	if err != nil {
		return nil, err
	}
	offered := func(name string) bool {
		return slices.ContainsFunc(p.Scheme.Fields, func(in catalog.Input) bool { return in.Name == name })
	}
	switch p.Scheme.Type {
	case "aws_access_key":
		sample["accessKeyId"], sample["secretAccessKey"] = fmt.Sprintf("AKIA%016d", n), fmt.Sprintf("sampleSecret%028d", n)
	case "service_account_key":
		if offered("key") {
			sample["key"], err = p.keyFile(n)
		}
	case "ssh_key":
		err = sshLogin(sample, offered, n, optional)
	case "database":
		if offered("password") && sample["password"] == "" {
			sample["password"] = samplePassword(n) // Optional only beside a client certificate.
		}
		err = clientPair(sample)
	default:
		if p.Scheme.Assertion != nil && offered("privateKey") {
			sample["privateKey"], err = privateKey(p.Scheme.Assertion.Algorithm)
		}
	}
	return sample, err
}

func samplePassword(n int) string { return fmt.Sprintf("samplePassword-%s-%d", Mark, n) }

// keyFile is the JSON key file of the service account.
func (p *Provider) keyFile(n int) (string, error) {
	endpoint, err := p.address(p.Scheme.OAuth.TokenURL)
	if err != nil {
		return "", err
	}
	key, err := privateKey(p.Scheme.Assertion.Algorithm)
	if err != nil {
		return "", err
	}
	file, err := json.MarshalIndent(map[string]string{
		"type": "service_account", "client_email": "robot@sample.example.com", "private_key_id": fmt.Sprintf("file-key-%d", n),
		"private_key": key, "token_uri": endpoint.String(),
	}, "", "  ")
	return string(file), err
}

// sshLogin leaves either a password or a private key, the key with its
// passphrase where the entry takes one.
func sshLogin(sample map[string]string, offered func(string) bool, n int, optional bool) error {
	if !offered("privateKey") || offered("password") && !optional {
		delete(sample, "privateKey")
		delete(sample, "passphrase")
		if sample["password"] == "" {
			sample["password"] = samplePassword(n)
		}
		return nil
	}
	delete(sample, "password")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	var block *pem.Block
	if passphrase := sample["passphrase"]; passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	} else {
		block, err = ssh.MarshalPrivateKey(key, "")
	}
	if err == nil {
		sample["privateKey"] = string(pem.EncodeToMemory(block))
	}
	return err
}

// clientPair makes a certificate with its key, which stands for its authority as
// well.
func clientPair(sample map[string]string) error {
	if sample["ca"] == "" && sample["clientCertificate"] == "" {
		return nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sample"},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	for name, text := range map[string]string{
		"ca": certificate, "clientCertificate": certificate, "clientKey": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})),
	} {
		if sample[name] != "" {
			sample[name] = text
		}
	}
	return nil
}

// privateKey makes a key that signs by the algorithm, as PEM.
func privateKey(algorithm string) (string, error) {
	var key any
	var err error
	if algorithm == "ES256" {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), err
}
