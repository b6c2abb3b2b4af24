package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/routes"
)

// addAudit watches what the sealer of the audit says it found.
func (s *alarms) addAudit(r *routes.Route) {
	if r != routes.QueueSeal.Route {
		return
	}
	logs := s.api.stack.Node().FindChild(jsii.String(logical(r.Name) + "Logs")).(awslogs.CfnLogGroup)
	for _, found := range []struct{ id, message, meaning string }{
		{"AuditBroken", "audit.broken", "The audit of a tenant is not what was sealed."},
		{"LeaseAnomaly", "lease.anomaly", "A caller leases many more connections than it does."},
	} {
		awslogs.NewCfnMetricFilter(s.api.stack, jsii.String(logical(r.Name)+found.id), &awslogs.CfnMetricFilterProps{
			LogGroupName:  logs.Ref(),
			FilterPattern: jsii.String(`{ $.msg = "` + found.message + `" }`),
			MetricTransformations: []any{&awslogs.CfnMetricFilter_MetricTransformationProperty{
				MetricNamespace: jsii.String(s.namespace()), MetricName: jsii.String(found.id), MetricValue: jsii.String("1"),
			}},
		})
		s.add(alarm{
			id: found.id, meaning: found.meaning, namespace: s.namespace(), metric: found.id,
			statistic: "Sum", above: 0, periods: 1,
		})
	}
}
