// Command function is a Lambda function on nothing but the standard library that
// does what MODE says: answer, fail, crash, stay silent, or not begin.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	mode, base := os.Getenv("MODE"), "http://"+os.Getenv("AWS_LAMBDA_RUNTIME_API")+"/2018-06-01/runtime/"
	switch mode {
	case "panic":
		panic("no configuration")
	case "refuse":
		post(base+"init/error", `{"errorType":"Fixture","errorMessage":"no table"}`)
		os.Exit(1)
	}
	for {
		res, err := http.Get(base + "invocation/next")
		if err != nil {
			os.Exit(0)
		}
		event, _ := io.ReadAll(res.Body)
		invocation := base + "invocation/" + res.Header.Get("Lambda-Runtime-Aws-Request-Id")
		switch mode {
		case "crash":
			fmt.Fprintln(os.Stderr, "out of luck")
			os.Exit(3)
		case "fail":
			post(invocation+"/error", `{"errorType":"Fixture","errorMessage":"boom"}`)
		case "silent":
			time.Sleep(time.Hour)
		case "stranger":
			post(base+"invocation/unknown/response", `"for nobody"`)
			post(invocation+"/response", string(event))
		case "work":
			for begun := time.Now(); time.Since(begun) < 30*time.Millisecond; {
			}
			post(invocation+"/response", string(event))
		default:
			post(invocation+"/response", string(event))
		}
	}
}

func post(address, body string) {
	res, err := http.Post(address, "application/json", strings.NewReader(body))
	if err == nil {
		res.Body.Close()
	}
}
