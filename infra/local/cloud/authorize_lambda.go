package cloud

// needFunctionPermissions registers the permissions of AWS Lambda.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
func (c *Cloud) needFunctionPermissions() {
	need(c, lambdaAPI.name+".Invoke", func(in *invokeRequest) ([]access, error) {
		return []access{{action: "lambda:InvokeFunction", resource: c.arn("lambda", "function:"+lastElement(in.function, ":function:"))}}, nil
	})
}
