// Command whoami is a Lambda function without a runtime library. It writes
// each event to its log and answers what it knows about itself.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		res, err := http.Get(api + "next")
		if err != nil {
			os.Exit(1)
		}
		event, err := io.ReadAll(res.Body)
		if err != nil {
			os.Exit(1)
		}
		fmt.Printf("event %s\n", event)
		body, err := json.Marshal(map[string]any{
			"greeting": greeting,
			"pid":      os.Getpid(),
			"stage":    os.Getenv("TENON_STAGE"),
			"url":      os.Getenv("TENON_PUBLIC_URL"),
			"aws":      os.Getenv("AWS_ENDPOINT_URL"),
			"table":    os.Getenv("TABLE"),
		})
		if err != nil {
			os.Exit(1)
		}
		answer, err := json.Marshal(map[string]any{"statusCode": 200, "body": string(body)})
		if err != nil {
			os.Exit(1)
		}
		id := res.Header.Get("Lambda-Runtime-Aws-Request-Id")
		if _, err := http.Post(api+id+"/response", "application/json", bytes.NewReader(answer)); err != nil {
			os.Exit(1)
		}
	}
}
