package template

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// key creates a KMS key. A key has no name to be found by again, so it gets an
// alias of its own made of the logical identifier, besides those the template
// declares.
func key(s *stack, id string, p properties) (physical, error) {
	a := s.app
	marker := "alias/" + s.name("key-"+id)
	have, err := a.clients.kms.DescribeKey(a.ctx, &kms.DescribeKeyInput{KeyId: &marker})
	if err == nil {
		return keyPhysical(have.KeyMetadata), nil
	}
	if !has(err, "NotFoundException") {
		return physical{}, fmt.Errorf("describe key: %w", err)
	}
	values, err := p.pick("KeySpec", "KeyUsage", "Description", "MultiRegion")
	if err != nil {
		return physical{}, err
	}
	in, err := into[kms.CreateKeyInput](values)
	if err != nil {
		return physical{}, err
	}
	in.Tags = []types.Tag{{TagKey: aws.String("tenon:logical-id"), TagValue: &id}}
	out, err := a.clients.kms.CreateKey(a.ctx, &in)
	if err != nil {
		return physical{}, fmt.Errorf("create key: %w", err)
	}
	_, err = a.clients.kms.CreateAlias(a.ctx, &kms.CreateAliasInput{AliasName: &marker, TargetKeyId: out.KeyMetadata.KeyId})
	if err != nil {
		return physical{}, fmt.Errorf("create alias: %w", err)
	}
	if err := a.rotateKey(*out.KeyMetadata.KeyId, p); err != nil {
		return physical{}, err
	}
	a.created("key", id)
	return keyPhysical(out.KeyMetadata), nil
}

func keyPhysical(k *types.KeyMetadata) physical {
	return physical{ref: aws.ToString(k.KeyId), attrs: map[string]string{
		"Arn": aws.ToString(k.Arn), "KeyId": aws.ToString(k.KeyId),
	}}
}

func alias(s *stack, _ string, p properties) (physical, error) {
	name, err := p.text("AliasName", "")
	if err != nil {
		return physical{}, err
	}
	target, err := p.text("TargetKeyId", "")
	if err != nil {
		return physical{}, err
	}
	target = target[strings.LastIndex(target, "/")+1:]
	a := s.app
	_, err = a.clients.kms.CreateAlias(a.ctx, &kms.CreateAliasInput{AliasName: &name, TargetKeyId: &target})
	switch {
	case err == nil:
		a.created("alias", name)
	case !has(err, "AlreadyExistsException"):
		return physical{}, fmt.Errorf("create alias: %w", err)
	}
	return physical{ref: name, attrs: map[string]string{"AliasName": name}}, nil
}
