// Package connect makes the clients of package apply from the AWS configuration of
// whoever runs it, as the AWS CLI reads it: environment, profiles, IAM Identity Center
// (SSO), roles, containers and instances.
//
//	clients, err := connect.Clients(ctx, connect.Options{Profile: "staging"})
//	a := apply.New(clients, apply.Options{})
//
// It reads the environment and the files below ~/.aws, as the SDK does. It prints nothing
// and writes no file but those in which the SDK keeps refreshed tokens of SSO and of aws
// login. What a credential_process says on standard error is not shown either: when it
// fails, its last line is in the error. No error holds a credential.
package connect
