// Package scalartest holds strings to try writers and readers with.
package scalartest

import (
	"slices"
	"strings"
)

// Hard returns distinct strings that some reader of YAML or JSON takes for
// something else, or refuses, when they are written carelessly, and others that
// only look so. Each is valid UTF-8.
func Hard() []string {
	var all []string
	for _, group := range [][]string{
		words, numbers, sixties, dates, indicators, inner, blanks, lines, unicode, texts, characters(), long(),
	} {
		all = append(all, group...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// words are null, true and false to someone.
var words = strings.Fields(`
	~ null Null NULL nULL true True TRUE tRUE false False FALSE fALSE yes Yes YES yEs no No NO nO
	on On ON oN off Off OFF oFF y Y n N t T f F = << = == <<< ~~ ~/x nil None none undefined
	nan NaN inf Inf Infinity nulls truest falsey yesterday noon once offer yn ny`)

// numbers are numbers to someone: octal, hexadecimal and binary, with
// underscores and commas, with and without digits around the point.
var numbers = strings.Fields(`
	0 1 -1 +1 -0 +0 00 08 09 007 0123 -0123 +0123 0_1 0_ 01_7 0o17 0O17 -0o17 0o8 0o 0x 0x1F 0X1F -0x1f 0xfg 0x_ 0x1_f
	0b 0b1 0B1 -0b101 0b12 0b_ 0b1_0 1_000 1_ _1 -_1 +_1 1__0 1,000 1,000.5 1, ,1 80,443 -1,0 12345678901234567890
	123456789012 012345678901 111122223333 0.2 1. .5 -.5 +.5 0.0 -0.0 1.5e3 1.5e+3 1.5e-3 1e3 1E3 1e+3 1e-3 1e 1e+ 12e03 .5e3 .5e+3 .e3 . .. -. +. ._ .5_ ._5
	1._5 1e_3 1_e3 1.2.3 1.2.3.4 10.0.0.0/16 0.2-beta 1.0e 1.e+3 3.10 +12e03 6.8523015e+5 685_230.15 685.230_15e+03 20:30.15
	.inf .Inf .INF -.inf +.inf +.INF .iNF .nan .NaN .NAN -.nan .nAN .info .nano -inf +inf
	+ - -- ++ -a +a -1a 1a 0a 1e3a 12345e7 1234e567 7e0 0e0 1d 1f 1L 0x1p-2 0x1.8p1 1e1000 -1e-1000 1+1 1-1 1/2 50% $1 1:1:1:1`)

// sixties are sexagesimal numbers to YAML 1.1.
var sixties = strings.Fields(`
	12:30 1:60 1:5 1:59 01:30 00:00 0:0 12:30:45 12:30:45.678 190:20:30 190:20:30.15 -12:30 +12:30 1_2:30 12:3_0 12:
	12:30: 12::30 :12 12:300 12:30.5 12:.5 0:30. 1:1.5 8080:80 80:80 22:22 443:8443 12:30a`)

// dates are dates and time stamps to YAML 1.1 and to most libraries.
var dates = []string{
	"2001-01-01", "2001-1-1", "2001-13-45", "2012-10-17", "2010-09-09", "-2001-01-01", "20010-01-01", "201-01-01", "2001-001-01",
	"2001-01-01T00:00:00Z", "2001-01-01t00:00:00z", "2001-01-01 00:00:00", "2001-1-1 1:02:03", "2001-12-14t21:59:43.10-05:00",
	"2001-12-14 21:59:43.10 -5", "2001-12-15 2:59:43.10", "2001-01-01 +9", "2001-01-01  x", "2001-01-01 x", "2001-01-01T", "2001-01-01-x",
	"2001-01", "2001-", "2001-01-", "2001/01/01", "01-01-2001", "2001-01-01_1",
}

// indicators begin with what has a meaning at the beginning.
var indicators = []string{
	"", "-", "- ", "- a", "-a", "--", "---", "--- ", "--- a", "---a", "----", "...", "... ", "... a", "...a", "....", "..", "?", "? a", "?a",
	":", ": a", ":a", "::", "::1", ",", ",a", "[", "[]", "[a]", "[a", "]", "{", "{}", "{a}", "{a: b}", "}", "#", "#a", "# a", "&", "&a", "&a b", "*", "*a", "**",
	"*.example.com", "!", "!!", "!a", "!Ref X", "!Sub ${A}", "!!str a", "!<a> b", "|", "|-", "|a", "| a", ">", ">-", ">a", "> a", "'", "''", "'a'", "'a", "\"", `""`, `"a"`, `"a`, "%", "%a",
	"%YAML 1.1", "@", "@a", "`", "`a`", "<", "<a>", "=a", "=>", "$", "${A}", "${AWS::StackName}-x", "$(x)", "(a)", ")", ";", "\\", "\\n", "/", "^", "_", "~a",
}

// inner have an indicator inside or at the end.
var inner = []string{
	"a:", "a: ", "a: b", "a:b", "a :b", "a : b", "a::b", "a #b", "a # b", "a#b", "a #", "a# b", "http://a:b@c/#d", "a, b", "a,b", "a[0]", "a]", "a{b}", "a}",
	"a'b", `a"b`, `a\b`, `a\nb`, "a&b", "a *b", "a!b", "a|b", "a>b", "a%b", "a@b", "a`b", "a=b", "a?b", "a - b", "a -", "key: [1, 2", "a: b: c", "it's", "'it's'", `"it's"`,
	"abcdefg: h", "abcdefgh: i", "abcdefgh : i", "abcdef #h", "abcdefg #h", "abcdefgh #i", "abcdefg :h", "abcdefg# h", "abcdefghijklmno: p", "abcdefghijklmnop: q", "abcdefgh:", "abcdefghi:",
	"é: x", "é #x", "é:", "x: é", "x #é", "é:x", "é#x",
}

// blanks have blanks and tabs where some reader drops them.
var blanks = []string{
	" ", "  ", "\t", " \t ", " a", "a ", "  a  ", "\ta", "a\t", "a\tb", "a \tb", "a  b", "a:\tb", "a\t#b", "a\t# b", "-\ta", "?\ta", ":\ta", "---\ta", "a b c", "abcdefg ", "abcdefgh ", "abcdefghi ",
	"\u00a0", "\u00a0a", "a\u00a0", "a:\u00a0b", "\u3000a\u3000", "a\u2003b", "\u200b", "a\u200bb",
}

// lines have more than one line, or line breaks of other kinds.
var lines = []string{
	"\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "\na", "\n\na\n", "a\nb", "a\nb\n", "a\n\nb", "a\n\nb\n\n", " a\nb", "\ta\nb", "a\n b", "a\n\tb", "a\n  b\n c\n", "a \nb ", "a\n ", "a\n \n", "a\n \nb", "a\n  \n\nb\n",
	"a\n\t\nb", "a\n\t", "a\n\t\n", " \n", "\t\n", " \na", "#a\nb", "a\n#b\n", "a\n# b", "a: b\nc: d\n", "- a\n- b\n", "---\na\n", "a\n---\nb\n", "a\n...\nb\n", "...\n", "%a\nb", "a\n%b", "'a'\n\"b\"\n", "a\\\nb\n",
	"\r", "\r\n", "a\rb", "a\r\nb", "a\r\n", "a\nb\r", "\ra", "a\u0085b", "a\u2028b", "a\u2029b", "a\nb\u0085", "a\n\u2028b", "a\n\u2029", "\u0085", "\u2028", "\u2029", "a\n\x00", "a\n\x7f", "a\n\ufeffb", "a\né\n", "a\n😀", "é\na\n", "|\na", "a\n\n b", "a\n\n\tb\n",
	"set -eu\nif [ \"$a\" = 'b' ]; then\n\techo \"$a: $b\" # c\nfi\n", "{\n  \"a\": [\n    1\n  ]\n}\n", "a:\n  - b\n", "x\n ---\n", "x\n\n\n\ny", "a\nb: c #d\n ",
}

// unicode are characters that are printable to some and not to others.
var unicode = []string{
	"é", "ü ä ö", "日本語", "日本語: 値", "手順書", "ключ", "مفتاح", "שלום", "a\u0301", "😀", "😀 a", "a 😀", "👩‍👩‍👧", "🇯🇵", "\U0001f600: b", "\U00010000", "\U0010fffd", "\U0001fffe", "\U0001ffff", "a\U0010ffffb", "\ufdd0", "\ufdef", "\ufdcf", "\ufdf0",
	"\ufffd", "a\ufffdb", "\ufffe", "\uffff", "\ufeff", "\ufeffa", "a\ufeff", "a\ufeffb", "\u200e", "\u202e", "\u2060", "\u00ad", "\ud7ff", "\ue000", "\uf8ff", "\u00ff", "\u0100", "“a”", "—", "…", "·", "№", "½", "٣", "１２", "：", "＃", "\u2028a", "🔑", "é\x7f", "é\n\u0085",
}

// texts are what stands in the files that slipway writes, easy and hard.
var texts = []string{
	"Fn::Sub", "Fn::GetAtt", "Fn::If", "Ref", "AWS::NoValue", "!GetAtt A.B", "!Join [',', [a]]", "${A}${B}", "${!Literal}", "{{resolve:ssm:/a/b}}", "{{resolve:secretsmanager:a:SecretString:b::}}", "#{Variables.A}", "#{SourceVariables.CommitId}", "<IMAGE1_NAME>",
	"arn:aws:iam::aws:policy/x", "arn:aws:iam::123456789012:role/a", "arn:aws:s3:::bucket/*", "*/5 * * * *", "cron(0 12 * * ? *)", "rate(5 minutes)", "@daily", "0 0 * * *",
	"aws ecr get-login-password --region $AWS_DEFAULT_REGION | docker login --username AWS --password-stdin $URI", `printf '[{"name":"%s","imageUri":"%s"}]' app "$URI" > imagedefinitions.json`,
	`docker build -t "$URI:latest" .`, "echo Build started on `date`", "echo a: b", "echo a # b", "- echo", "test -n \"$A\" || exit 1", "{\"a\": 1}", "[1, 2]", "CMD-SHELL", "curl -f http://localhost:8080/ || exit 1", "**/*", "!**/*.md", "*", "a/**/*.go", "-Xmx512m", "--no-cache", "-c",
	"a=b", "A=B C=D", "key=value,other=value", "^[a-z]+$", "[a-z]{1,3}", "\\d+", "(?i)x", "50%", "100 % sure", "a & b", "a && b", "a | b", "a > b", "x; y", "\"quoted\" text", "'quoted' text", "%{A}", "%d", "C:\\path", "user@example.com", "@scope/package", "`id`", "~/.ssh/config", "0.0.0.0/0", "::/0", "fe80::1", "00:1a:2b:3c:4d:5e", "10.0.0.0/16", "1.2.3", "v1.2.3", "1.2.3-rc.1", "2f1e3d", "1e10", "e10", "12e5f", "0e12345",
	"sha256:0123456789abcdef", "a:latest", "nginx:1.27", "app@sha256:ab", "true story", "no way", "on call", "null and void", "yes/no", "y/n",
}

// characters are strings around each control character.
func characters() []string {
	var all []string
	for c := rune(0); c < 0xa0; c++ {
		if c < ' ' || c >= 0x7f {
			all = append(all, string(c), "a"+string(c)+"b")
		}
	}
	return all
}

// long are lines that a writer might fold and keys that are no simple keys.
func long() []string {
	word := strings.Repeat("word ", 2000)
	return []string{
		word[:9999], word, strings.Repeat("x", 10000), strings.Repeat("é", 5000), strings.Repeat("'", 10000), strings.Repeat("\t", 10000), strings.Repeat("a\n", 5000),
		strings.Repeat("😀", 2500), strings.Repeat("1", 10000), strings.Repeat("a: b ", 2000), word[:9999] + "\n" + word[:9999], strings.Repeat("a", 10000) + ":",
		strings.Repeat("k", 127), strings.Repeat("k", 128), strings.Repeat("k", 129), strings.Repeat("k", 1022), strings.Repeat("k", 1023), strings.Repeat("k", 1024), strings.Repeat("k", 1025), strings.Repeat("k", 1026),
		strings.Repeat("#", 1021), strings.Repeat("#", 1022), strings.Repeat("#", 1023), strings.Repeat("é", 512), strings.Repeat("é", 513), strings.Repeat("é", 1024), strings.Repeat("\x01", 200), strings.Repeat(" ", 10000),
	}
}

// Bare returns strings that every reader reads back without quotes, so that a
// writer that quotes them quotes too much.
func Bare() []string {
	return []string{
		"a", "ab", "abc", "x86_64", "LINUX", "ARM64", "awsvpc", "FARGATE", "arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::123456789012:role/ecsTaskExecutionRole", "arn:aws:s3:::bucket/*",
		"https://example.com/a?b=c&d=e#f", "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/app", "http://localhost:8080/health", "aws ecr get-login-password | docker login --username AWS --password-stdin $URI",
		"${AWS::StackName}-x", "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}", "$CODEBUILD_RESOLVED_SOURCE_VERSION", "10.0.0.0/16", "0.0.0.0/0", "1.2.3", "1.2.3.4", "v1.2.3", "1.2.3-rc.1", "/usr/bin/env", "./a/b", "../a", "a/**/*.go",
		"AWS::EC2::VPC", "AWS::SSM::Parameter::Value<String>", "Fn::Sub", "docker build -t $URI:latest .", "docker push $URI:$TAG", "test -n \"$A\" || exit 1", "echo it's", `say "hi"`, "-Xmx512m", "--no-cache", "-c", "--", ".", "..", "...a", "---a", ".gitignore", ".env",
		"日本語", "手順書", "é", "ключ", "😀", "a 😀 b", "naïve café", "“quoted”", "a — b", "a, b and c", "a (b)", "(a)", "a [b]", "a {b}", "a@b", "user@example.com", "50%", "a=b", "=a", "=>", "<IMAGE1_NAME>", "<a>", "<<<", "~/.ssh/config", "~a", "^[a-z]+$", "\\d+", "_", "_a", "$", "/", ";", "a;b", "+a", "+",
		"true story", "no way", "on call", "yes/no", "y/n", "nulls", "yesterday", "truest", "falsey", "none", "None", "nil", "nan", "NaN", "inf", "undefined", "1a", "a1", "1st", "2 vCPU", "2024-01-01-release", "2001-01", "2001/01/01", "12:30 in the morning", "1:60", "8080:80", "12:30pm", "a:b", "a#b", "a :b", "x: é"[:2] + "y", "00:1a:2b:3c:4d:5e", "sha256:0123456789abcdef", "nginx:1.27", "0b12", "0o8", "0xfg", "0x1p-2", "1e", "1+1", "1-1", "1/2", "_1", "e10", "2f1e3g",
		"rate(5 minutes)", "cron(0 12 * * ? *)", "0 12 * * *", "\ufffd", "\ue000", "a\u00a0b", "Resource handler returned message", "a  b", "a - b", "a -", "a & b", "a | b > c", "imagedefinitions.json", "app-${Env}", "CMD-SHELL", "curl -f http://localhost/ || exit 1",
	}
}
