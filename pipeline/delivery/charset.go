package delivery

import "strings"

// The characters that AWS takes in names. Lengths are checked elsewhere.

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlnum(c byte) bool { return isLower(c|0x20) || isDigit(c) }

// every reports whether all of s are letters, digits or one of others.
func every(s, others string) bool {
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte(others, s[i]) < 0 {
			return false
		}
	}
	return true
}

func isServiceName(s string) bool {
	return isLower(s[0]) && every(s, "-") && s == strings.ToLower(s)
}

func isStackName(s string) bool    { return isLower(s[0]|0x20) && every(s, "-") }
func isWord(s string) bool         { return every(s, "-_") }
func isPipelineName(s string) bool { return every(s, ".@-_") }
func isRoleName(s string) bool     { return every(s, "+=,.@-_") }

// isRepositoryName holds a name against ECR's pattern: parts of lower-case
// letters and digits, joined by one of . _ / or by dashes or by two underscores.
// Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
func isRepositoryName(s string) bool {
	joint := "/" // what was read since the last letter or digit; none may come first
	for i := range len(s) {
		switch c := s[i]; {
		case isLower(c) || isDigit(c):
			joint = ""
		case strings.IndexByte("._-/", c) < 0:
			return false
		default:
			joint += string(c)
			if len(joint) > 1 && joint != "__" && strings.Trim(joint, "-") != "" {
				return false
			}
		}
	}
	return joint == ""
}

// isBucketName holds a name against S3's rules for new buckets.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
func isBucketName(s string) bool {
	last := s[len(s)-1]
	if s != strings.ToLower(s) || !every(s, ".-") || !isAlnum(s[0]) || !isAlnum(last) || strings.Contains(s, "..") {
		return false
	}
	for _, prefix := range [...]string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(s, prefix) {
			return false
		}
	}
	for _, suffix := range [...]string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"} {
		if strings.HasSuffix(s, suffix) {
			return false
		}
	}
	return strings.Trim(s, "0123456789.") != ""
}
