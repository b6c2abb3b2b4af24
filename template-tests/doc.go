// Package templatetests asserts what the committed CloudFormation templates
// promise: routes, permissions, encryption, retention and alarms. Its tests
// read infra/templates and the route table and never import the CDK, so they
// take a second; one of them synthesizes the templates again to see that the
// committed ones are fresh. What the roles may do in the end, package iam decides.
package templatetests
