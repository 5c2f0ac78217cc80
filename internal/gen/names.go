package main

import (
	"strings"
	"unicode"
)

// initialisms are the words that Go writes in its own way, by their spelling in
// the SDK's names and in the values of enums.
func initialism(word string) (string, bool) {
	switch strings.ToLower(word) {
	case "arm64", "arn", "cpu", "dns", "ec2", "ecs", "efs", "gelf", "gpu", "grpc", "http", "http2", "iam", "id", "ip", "ipc",
		"json", "kms", "mps", "pid", "s3", "tcp", "udp", "uri", "url", "aws", "v1", "v2":
		return strings.ToUpper(word), true
	case "fsx":
		return "FSx", true
	case "s3files":
		return "S3Files", true
	case "20h2":
		return "20H2", true
	case "mib":
		return "MiB", true
	case "gib":
		return "GiB", true
	}
	return "", false
}

// goName turns a name of the SDK into one with Go's initialisms.
func goName(name string) string {
	var b strings.Builder
	for _, word := range words(name) {
		if s, ok := initialism(word); ok {
			word = s
		}
		b.WriteString(word)
	}
	return b.String()
}

// words splits a camel-case name before each capital that follows a small letter
// or a digit, or that precedes a small letter. GiB and MiB stay whole.
func words(name string) []string {
	var out []string
	start := 0
	for i := 1; i < len(name); i++ {
		if !unicode.IsUpper(rune(name[i])) {
			continue
		}
		before := unicode.IsLower(rune(name[i-1])) || unicode.IsDigit(rune(name[i-1]))
		after := i+1 < len(name) && unicode.IsLower(rune(name[i+1]))
		if (before || after) && !strings.HasSuffix(name[:i+1], "iB") {
			out = append(out, name[start:i])
			start = i
		}
	}
	return append(out, name[start:])
}

// jsonName turns a name of the SDK into the API's.
func jsonName(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// constName turns the value of an enum into the end of a constant's name.
func constName(value string) string {
	var b strings.Builder
	for part := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == '_' || r == '-' }) {
		switch s, ok := initialism(part); {
		case ok:
			part = s
		case strings.ToUpper(part) == part:
			part = part[:1] + strings.ToLower(part[1:])
		default:
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		b.WriteString(part)
	}
	return b.String()
}
