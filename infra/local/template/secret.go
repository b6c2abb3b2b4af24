package template

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// secret creates a secret with the template's value or a generated one.
func secret(s *stack, id string, p properties) (physical, error) {
	name, err := p.text("Name", s.name(id))
	if err != nil {
		return physical{}, err
	}
	a := s.app
	have, err := a.clients.secrets.DescribeSecret(a.ctx, &secretsmanager.DescribeSecretInput{SecretId: &name})
	if err == nil {
		return secretPhysical(have.ARN), nil
	}
	if !has(err, "ResourceNotFoundException") {
		return physical{}, fmt.Errorf("describe secret: %w", err)
	}
	values, err := p.pick("SecretString", "Description", "KmsKeyId", "Tags")
	if err != nil {
		return physical{}, err
	}
	in, err := into[secretsmanager.CreateSecretInput](values)
	if err != nil {
		return physical{}, err
	}
	in.Name = &name
	if in.SecretString == nil {
		v, err := p.get("GenerateSecretString")
		if err != nil {
			return physical{}, err
		}
		value, err := generatedSecret(v)
		if err != nil {
			return physical{}, err
		}
		in.SecretString = &value
	}
	out, err := a.clients.secrets.CreateSecret(a.ctx, &in)
	if err != nil {
		return physical{}, fmt.Errorf("create secret: %w", err)
	}
	a.created("secret", name)
	return secretPhysical(out.ARN), nil
}

func secretPhysical(arn *string) physical {
	return physical{ref: aws.ToString(arn), attrs: map[string]string{"Arn": aws.ToString(arn), "Id": aws.ToString(arn)}}
}

const (
	letters     = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
)

// generatedSecret makes a random value as GenerateSecretString asks: a
// password, alone or as one field of a JSON template.
func generatedSecret(v any) (string, error) {
	spec, _ := v.(object)
	alphabet := letters
	if text(spec["ExcludePunctuation"]) != "true" {
		alphabet += punctuation
	}
	for _, c := range text(spec["ExcludeCharacters"]) {
		alphabet = strings.ReplaceAll(alphabet, string(c), "")
	}
	var password strings.Builder
	for range number(spec["PasswordLength"], 32) {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", fmt.Errorf("generate secret: %w", err)
		}
		password.WriteByte(alphabet[n.Int64()])
	}
	field := text(spec["GenerateStringKey"])
	if field == "" {
		return password.String(), nil
	}
	fields := object{}
	if err := json.Unmarshal([]byte(text(spec["SecretStringTemplate"])), &fields); err != nil {
		return "", fmt.Errorf("secret string template is not a JSON object")
	}
	fields[field] = password.String()
	return text(fields), nil
}

func parameter(s *stack, id string, p properties) (physical, error) {
	name, err := p.text("Name", s.name(id))
	if err != nil {
		return physical{}, err
	}
	a := s.app
	have, err := a.clients.ssm.GetParameter(a.ctx, &ssm.GetParameterInput{Name: &name})
	if err == nil {
		return parameterPhysical(name, have.Parameter.Type, aws.ToString(have.Parameter.Value)), nil
	}
	if !has(err, "ParameterNotFound") {
		return physical{}, fmt.Errorf("get parameter: %w", err)
	}
	value, err := p.text("Value", "")
	if err != nil {
		return physical{}, err
	}
	kind, err := p.text("Type", "String")
	if err != nil {
		return physical{}, err
	}
	_, err = a.clients.ssm.PutParameter(a.ctx, &ssm.PutParameterInput{Name: &name, Value: &value, Type: types.ParameterType(kind)})
	if err != nil {
		return physical{}, fmt.Errorf("put parameter: %w", err)
	}
	a.created("parameter", name)
	return parameterPhysical(name, types.ParameterType(kind), value), nil
}

func parameterPhysical(name string, kind types.ParameterType, value string) physical {
	return physical{ref: name, attrs: map[string]string{"Type": string(kind), "Value": value}}
}
