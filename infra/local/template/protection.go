package template

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

// protectTable turns on what keeps a table from being lost: point-in-time recovery
// and deletion protection. What is on already stays so.
func (a *application) protectTable(name string, p properties) error {
	v, err := p.get("PointInTimeRecoverySpecification")
	if err != nil {
		return err
	}
	recovery, _ := v.(object)
	if recovery != nil && text(recovery["PointInTimeRecoveryEnabled"]) == "true" {
		if err := a.recoverable(name); err != nil {
			return err
		}
	}
	protected, err := p.text("DeletionProtectionEnabled", "false")
	if err != nil || protected != "true" {
		return err
	}
	_, err = a.clients.dynamo.UpdateTable(a.ctx, &dynamodb.UpdateTableInput{TableName: &name, DeletionProtectionEnabled: aws.Bool(true)})
	if err != nil {
		return fmt.Errorf("protect table: %w", err)
	}
	return nil
}

func (a *application) recoverable(name string) error {
	have, err := a.clients.dynamo.DescribeContinuousBackups(a.ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
	if err != nil {
		return fmt.Errorf("describe backups: %w", err)
	}
	if d := have.ContinuousBackupsDescription; d != nil && d.PointInTimeRecoveryDescription != nil &&
		d.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled {
		return nil
	}
	_, err = a.clients.dynamo.UpdateContinuousBackups(a.ctx, &dynamodb.UpdateContinuousBackupsInput{
		TableName:                        &name,
		PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
	})
	if err != nil {
		return fmt.Errorf("enable point-in-time recovery: %w", err)
	}
	return nil
}

// rotateKey has a new key rotated, where the template asks for it.
func (a *application) rotateKey(id string, p properties) error {
	rotates, err := p.text("EnableKeyRotation", "false")
	if err != nil || rotates != "true" {
		return err
	}
	if _, err := a.clients.kms.EnableKeyRotation(a.ctx, &kms.EnableKeyRotationInput{KeyId: &id}); err != nil {
		return fmt.Errorf("enable rotation: %w", err)
	}
	return nil
}
