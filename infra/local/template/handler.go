package template

import (
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/smithy-go"
)

type clients struct {
	dynamo    *dynamodb.Client
	kms       *kms.Client
	sqs       *sqs.Client
	events    *eventbridge.Client
	scheduler *scheduler.Client
	secrets   *secretsmanager.Client
	ssm       *ssm.Client
}

func newClients(cfg aws.Config) clients {
	return clients{
		dynamo:    dynamodb.NewFromConfig(cfg),
		kms:       kms.NewFromConfig(cfg),
		sqs:       sqs.NewFromConfig(cfg),
		events:    eventbridge.NewFromConfig(cfg),
		scheduler: scheduler.NewFromConfig(cfg),
		secrets:   secretsmanager.NewFromConfig(cfg),
		ssm:       ssm.NewFromConfig(cfg),
	}
}

// handler creates one resource, or finds the one that exists.
type handler func(s *stack, id string, p properties) (physical, error)

func handlerOf(kind string) handler {
	switch kind {
	case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
		return table
	case "AWS::KMS::Key":
		return key
	case "AWS::KMS::Alias":
		return alias
	case "AWS::SQS::Queue":
		return queue
	case "AWS::Events::EventBus":
		return eventBus
	case "AWS::Events::Rule":
		return rule
	case "AWS::SecretsManager::Secret":
		return secret
	case "AWS::SSM::Parameter":
		return parameter
	case "AWS::Scheduler::ScheduleGroup":
		return scheduleGroup
	case "AWS::Scheduler::Schedule":
		return schedule
	case "AWS::Lambda::Function":
		return function
	case "AWS::ApiGatewayV2::Api":
		return api
	case "AWS::IAM::Role":
		return role
	case "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Authorizer",
		"AWS::Lambda::EventSourceMapping":
		return reference
	}
	return nil
}

// reference stands for a resource that only the manifest reads.
func reference(_ *stack, id string, _ properties) (physical, error) {
	return physical{ref: id, attrs: map[string]string{}}, nil
}

// has reports whether err is a service error with one of the codes.
func has(err error, codes ...string) bool {
	var failure smithy.APIError
	return errors.As(err, &failure) && slices.Contains(codes, failure.ErrorCode())
}
