package apply

import "strings"

// remedies are what to do about what AWS says in many places. The first that fits
// counts.
var remedies = []struct{ words, remedy string }{
	{"Unable to assume the service linked role", "the role that ECS needs is made when ECS is first used, and takes a moment: run again"},
	{"already exists", "something of that name stands outside of this stack: delete it, give another name, or import it into the stack"},
	{"is not authorized to perform AssumeRole on role", "see that the role exists, and that its trust policy names the service"},
	{"is not authorized to perform", "allow it in the policy of the identity that calls, or of the stack's role; then run again"},
	{"Action denied by stack policy", "the stack's policy forbids it: change the policy with aws cloudformation set-stack-policy, or leave the resource as it is"},
	{"when a custom-named resource requires replacing", "give the resource another name: the old and the new one stand side by side for a moment"},
	{"TerminationProtection is enabled", "if it is to go: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name NAME"},
	{"is in use by", "another stack imports it: change or delete that one first"},
	{"The bucket you tried to delete is not empty", "empty it first, or let destroy do it with --empty-bucket"},
	{"cannot be deleted because it still contains images", "delete the images first, or let destroy do it with --delete-images"},
	{"Circuit Breaker was triggered", "the tasks of the new revision do not stay up: see why they stopped, mend that, and deploy again"},
	{"CannotPullContainerError", "see that the image is there, that the task has a way to ECR, and that the execution role may pull"},
	{"ResourceInitializationError", "see that the task has a way to AWS (a public address or endpoints), and what the execution role may read"},
	{"OutOfMemory", "give the container more memory"},
	{"health checks", "see that the container answers its health check in time: port, path, grace period, security group"},
	{"exec format error", "the image is for another processor than the task: build it for runtimePlatform.cpuArchitecture"},
	{"Insufficient permissions", "see what the role of the pipeline may do"},
	{"AccessDenied", "see what the role in question may do; then run again"},
	{"LimitExceeded", "a quota of the account is reached: ask AWS for more, or remove what is not needed"},
	{"Export with name", "another stack exports that name: give this one another name"},
	{"No export named", "the stack that exports it comes first; see the name of the network's stack"},
	{"Parameters: [", "give the value with --parameter STACK:NAME=VALUE"},
	{"do not exist in the template", "take the parameter out of the call"},
}

// remedyOf returns what to do about a reason that AWS gives, or nothing.
func remedyOf(reason string) string {
	for _, r := range remedies {
		if strings.Contains(reason, r.words) {
			return r.remedy
		}
	}
	return ""
}
