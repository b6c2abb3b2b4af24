package cloudtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	ses "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	parameters "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// verifiedDomain creates an identity for one probe. Local endpoints verify it
// at once.
func (s *suite) verifiedDomain() string {
	domain := unique("mail") + ".example"
	_, err := sesv2.NewFromConfig(s.cfg).CreateEmailIdentity(s.ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: &domain})
	s.ok(err)
	return domain
}

func (s *suite) mail(domain string, content *ses.EmailContent) (string, error) {
	answer, err := sesv2.NewFromConfig(s.cfg).SendEmail(s.ctx, &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("noreply@" + domain),
		Destination:      &ses.Destination{ToAddresses: []string{"a@example.org"}},
		Content:          content,
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(answer.MessageId), nil
}

func simpleMail() *ses.EmailContent {
	return &ses.EmailContent{Simple: &ses.Message{
		Subject: &ses.Content{Data: aws.String("Connection expiring")},
		Body:    &ses.Body{Text: &ses.Content{Data: aws.String("text")}, Html: &ses.Content{Data: aws.String("<p>html</p>")}},
	}}
}

var mailProbes = []probe{
	{"mail: from an identity that is not verified", func(s *suite) {
		_, err := s.mail(unique("nope")+".example", simpleMail())
		s.code(err, "MessageRejected")
	}},
	{"mail: simple", func(s *suite) {
		id, err := s.mail(s.verifiedDomain(), simpleMail())
		s.ok(err)
		s.expect("has an ID", id != "")
	}},
	{"mail: raw", func(s *suite) {
		domain := s.verifiedDomain()
		_, err := s.mail(domain, &ses.EmailContent{Raw: &ses.RawMessage{
			Data: []byte("From: noreply@" + domain + "\r\nTo: a@example.org\r\nSubject: Raw\r\n\r\nhello"),
		}})
		s.ok(err)
	}},
	{"mail: from a template", func(s *suite) {
		client, name, domain := sesv2.NewFromConfig(s.cfg), unique("template"), s.verifiedDomain()
		_, err := client.CreateEmailTemplate(s.ctx, &sesv2.CreateEmailTemplateInput{
			TemplateName: &name, TemplateContent: &ses.EmailTemplateContent{Subject: aws.String("hi {{n}}"), Text: aws.String("b {{n}}")},
		})
		s.ok(err)
		_, err = s.mail(domain, &ses.EmailContent{Template: &ses.Template{TemplateName: &name, TemplateData: aws.String(`{"n":"bob"}`)}})
		s.ok(err)
	}},
	{"identity: creating it twice is refused", func(s *suite) {
		domain := s.verifiedDomain()
		_, err := sesv2.NewFromConfig(s.cfg).CreateEmailIdentity(s.ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: &domain})
		s.code(err, "AlreadyExistsException")
	}},
	{"identity: a domain", func(s *suite) {
		domain := s.verifiedDomain()
		answer, err := sesv2.NewFromConfig(s.cfg).GetEmailIdentity(s.ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: &domain})
		s.ok(err)
		s.equal("type", answer.IdentityType, ses.IdentityTypeDomain)
	}},
}

func (s *suite) parameter(path, name string, overwrite bool) error {
	_, err := ssm.NewFromConfig(s.cfg).PutParameter(s.ctx, &ssm.PutParameterInput{
		Name: aws.String(path + name), Value: aws.String("value"), Type: parameters.ParameterTypeSecureString, Overwrite: &overwrite,
	})
	return err
}

var parameterProbes = []probe{
	{"parameter: a secure string", func(s *suite) {
		path := "/" + unique("app")
		s.ok(s.parameter(path, "/a", false))
		answer, err := ssm.NewFromConfig(s.cfg).GetParameter(s.ctx, &ssm.GetParameterInput{Name: aws.String(path + "/a"), WithDecryption: aws.Bool(true)})
		s.ok(err)
		s.equal("value", aws.ToString(answer.Parameter.Value), "value")
	}},
	{"parameter: by path", func(s *suite) {
		path := "/" + unique("app")
		s.ok(s.parameter(path, "/a", false))
		s.ok(s.parameter(path, "/b/c", false))
		count := func(recursive bool) int {
			answer, err := ssm.NewFromConfig(s.cfg).GetParametersByPath(s.ctx, &ssm.GetParametersByPathInput{Path: &path, Recursive: &recursive})
			s.ok(err)
			return len(answer.Parameters)
		}
		s.equal("recursive", count(true), 2)
		s.equal("direct", count(false), 1)
	}},
	{"parameter: overwritten only on request", func(s *suite) {
		path := "/" + unique("app")
		s.ok(s.parameter(path, "/a", false))
		s.code(s.parameter(path, "/a", false), "ParameterAlreadyExists")
		s.ok(s.parameter(path, "/a", true))
	}},
	{"parameter: several, some missing", func(s *suite) {
		path := "/" + unique("app")
		s.ok(s.parameter(path, "/a", false))
		answer, err := ssm.NewFromConfig(s.cfg).GetParameters(s.ctx, &ssm.GetParametersInput{Names: []string{path + "/a", path + "/nope"}})
		s.ok(err)
		s.equal("found", len(answer.Parameters), 1)
		s.equal("missing", answer.InvalidParameters, []string{path + "/nope"})
	}},
	{"parameter: unknown", func(s *suite) {
		_, err := ssm.NewFromConfig(s.cfg).GetParameter(s.ctx, &ssm.GetParameterInput{Name: aws.String("/" + unique("nope"))})
		s.code(err, "ParameterNotFound")
	}},
}

var roleProbes = []probe{
	{"role: assumed with tags, an external ID and a policy", func(s *suite) {
		answer, err := sts.NewFromConfig(s.cfg).AssumeRole(s.ctx, &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::123456789012:role/broker"), RoleSessionName: aws.String("session"),
			ExternalId: aws.String("external"), DurationSeconds: aws.Int32(900), TransitiveTagKeys: []string{"tenant"},
			Tags:   []types.Tag{{Key: aws.String("tenant"), Value: aws.String("t")}},
			Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*"}]}`),
		})
		s.ok(err)
		s.expect("has credentials", aws.ToString(answer.Credentials.AccessKeyId) != "" && answer.Credentials.Expiration != nil)
	}},
	{"role: assumed with a web identity", func(s *suite) {
		_, err := sts.NewFromConfig(s.cfg).AssumeRoleWithWebIdentity(s.ctx, &sts.AssumeRoleWithWebIdentityInput{
			RoleArn: aws.String("arn:aws:iam::123456789012:role/broker"), RoleSessionName: aws.String("session"), WebIdentityToken: aws.String("x.y.z"),
		})
		s.ok(err)
	}},
	{"role: one that does not exist is denied", func(s *suite) {
		_, err := sts.NewFromConfig(s.cfg).AssumeRole(s.ctx, &sts.AssumeRoleInput{
			RoleArn: aws.String("arn:aws:iam::123456789012:role/nope"), RoleSessionName: aws.String("session"),
		})
		s.code(err, "AccessDenied")
	}},
	{"identity: of the caller", func(s *suite) {
		answer, err := sts.NewFromConfig(s.cfg).GetCallerIdentity(s.ctx, &sts.GetCallerIdentityInput{})
		s.ok(err)
		s.equal("account", aws.ToString(answer.Account), "123456789012")
	}},
}
