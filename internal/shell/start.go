package shell

import (
	"path"
	"strings"
)

// start follows the program. What is listed nowhere could do anything.
func (p *process) start() Text {
	if out, ok := p.builtin(); ok {
		return out
	}
	if out, ok := p.printer(); ok {
		return out
	}
	if out, ok := p.filer(); ok {
		return out
	}
	if out, ok := p.wrapper(); ok {
		return out
	}
	switch p.name {
	case "docker", "podman", "nerdctl", "buildah", "finch":
		return p.dockerCLI()
	case "docker-compose", "dockerd", "dockerd-entrypoint.sh", "pack", "sam":
		return p.otherDocker()
	case "sh", "bash", "dash", "ash", "zsh":
		return p.shell()
	case "aws":
		return p.aws()
	}
	if strings.Contains(p.name, "/") {
		return p.script(Literal(p.name), p.args, false)
	}
	files := p.effectOnFiles()
	if files != No {
		e := Effect{What: p.what(), Files: files}
		if files == Maybe {
			e.Docker = Maybe
		} else {
			e.Docker = p.toolDocker()
		}
		p.effect(e)
	}
	return p.unknown()
}

// toolDocker says whether an ordinary tool uses docker.
func (p *process) toolDocker() Answer {
	for _, f := range p.args {
		if s, _ := f.text.Known(); strings.Contains(s, "docker") || strings.Contains(s, "build-image") {
			return Maybe
		}
	}
	return Unlikely
}

// effectOnFiles says whether a program that is not followed writes files.
func (p *process) effectOnFiles() Answer {
	switch p.name {
	case "ls", "which", "sleep", "date", "whoami", "id", "uname", "hostname", "head", "tail", "grep", "egrep", "fgrep",
		"wc", "cut", "tr", "sort", "uniq", "printenv", "basename", "dirname", "realpath", "readlink", "md5sum", "sha1sum",
		"sha256sum", "shasum", "base64", "diff", "cmp", "seq", "expr", "df", "du", "ps", "free", "nproc", "stat", "file",
		"tree", "column", "rev", "fold", "xxd", "od", "jp", "hash", "ulimit", "umask", "true", "false", "jobs", "kill", "pkill",
		"chmod", "chown", "chgrp", "useradd", "groupadd", "usermod", "service", "systemctl", "update-ca-certificates", "ldconfig",
		"codebuild-breakpoint", "nslookup", "dig", "ping", "host", "kubectl", "helm", "eksctl", "ecs-cli", "gpg", "openssl", "ssh-keyscan",
		"lsmod", "modprobe", "mktemp", "md5", "tac", "comm", "paste", "nl", "yes", "sync", "update-alternatives", "mount", "umount", "lscpu", "ifconfig", "ip", "getconf":
		return p.ifOutput()
	case "npm", "yarn", "pnpm", "npx", "bun", "pip", "pip3", "pipenv", "poetry", "uv", "tox", "pytest", "pyenv", "nox", "twine", "flake8", "pylint", "black", "ruff", "mypy", "coverage", "cfn-lint",
		"go", "cargo", "rustup", "mvn", "mvnw", "gradle", "gradlew", "sbt", "ant", "java", "javac", "dotnet", "msbuild", "nuget",
		"gem", "bundle", "bundler", "rake", "rspec", "rbenv", "composer", "phpunit", "php", "cmake", "ctest", "ninja", "gcc", "g++", "clang",
		"apt", "apt-get", "yum", "dnf", "apk", "rpm", "dpkg", "amazon-linux-extras", "brew", "add-apt-repository", "snap",
		"nvm", "n", "jest", "mocha", "eslint", "tsc", "webpack", "ng", "vite", "next", "gulp", "grunt", "lerna", "nx", "turbo",
		"cdk", "serverless", "sls", "terraform", "terragrunt", "packer", "chalice", "amplify", "hugo", "jekyll",
		"trivy", "snyk", "hadolint", "checkov", "grype", "syft", "cosign", "sonar-scanner", "codecov", "semgrep", "gitleaks", "tfsec", "golangci-lint", "gofmt", "staticcheck",
		"zip", "gzip", "bzip2", "xz", "strip", "mkfifo", "conda", "virtualenv", "mkdocs", "sphinx-build":
		return Unlikely
	case "awk", "gawk", "mawk":
		for i := range p.args {
			if s, ok := p.args[i].text.Known(); !ok || strings.Contains(s, ">") || strings.Contains(s, "system") {
				return Maybe
			}
		}
		return No
	case "python", "python3", "python2":
		if p.arg(0) == "-m" && p.arg(1) != "" && !strings.Contains(p.arg(1), ".") || p.arg(0) == "setup.py" || p.arg(0) == "manage.py" {
			return Unlikely
		}
		if len(p.args) == 1 && (p.arg(0) == "--version" || p.arg(0) == "-V") {
			return No
		}
		return Maybe
	case "git":
		return p.git()
	}
	if len(p.args) == 1 && (p.arg(0) == "--version" || p.arg(0) == "-version" || p.arg(0) == "--help") {
		return No
	}
	return Maybe
}

// ifOutput says whether a program that only prints has been told to write a file.
func (p *process) ifOutput() Answer {
	switch p.name {
	case "sort", "tree", "gpg", "openssl", "helm", "kubectl", "ecs-cli", "eksctl":
		for i := range p.args {
			if s := p.args[i].text.Prefix(); strings.HasPrefix(s, "-o") || strings.HasPrefix(s, "--out") || s == "-out" {
				return Unlikely
			}
		}
	}
	return No
}

// git says whether a command of git writes files of the source.
func (p *process) git() Answer {
	operands, _ := p.split(" -C -c --git-dir --work-tree ")
	if len(operands) == 0 {
		return No
	}
	verb, ok := operands[0].text.Known()
	switch {
	case !ok:
		return Maybe
	case verb == "checkout" || verb == "pull" || verb == "clone" || verb == "reset" || verb == "switch" || verb == "merge" ||
		verb == "stash" || verb == "submodule" || verb == "restore" || verb == "apply" || verb == "am" || verb == "rebase" ||
		verb == "cherry-pick" || verb == "archive" || verb == "mv" || verb == "rm" || verb == "clean" || verb == "lfs" || verb == "revert":
		return Maybe
	}
	return No
}

// aws follows the AWS CLI.
func (p *process) aws() Text {
	operands, options := p.split(" --region --profile --output --query --endpoint-url ")
	words := make([]string, 4)
	for i := range words {
		if i < len(operands) {
			words[i], _ = operands[i].text.Known()
		}
	}
	switch {
	case words[0] == "ecr" && words[1] == "get-login":
		return unknown(&Unknown{Command: p.what(), login: true})
	case words[0] == "s3" && (words[1] == "cp" || words[1] == "mv" || words[1] == "sync"):
		p.s3(words[1], operands, options)
	case words[0] == "s3api" && words[1] == "get-object":
		if len(operands) > 2 {
			p.write(operands[len(operands)-1].text, Variable(""), false, "aws")
		}
	case words[0] == "cloudformation" && words[1] == "package":
		for _, o := range options {
			if o.name == "--output-template-file" {
				p.write(o.value, Variable(""), false, "aws")
			}
		}
		for i := range p.args {
			if p.arg(i) == "--output-template-file" && i+1 < len(p.args) {
				p.write(p.args[i+1].text, Variable(""), false, "aws")
			}
		}
	case words[0] == "eks" || words[0] == "configure" || words[0] == "codeartifact":
		p.effect(Effect{What: p.what(), Files: Unlikely})
	}
	return p.unknown()
}

// s3 follows a copy from or to S3.
func (p *process) s3(verb string, operands []field, options []option) {
	if len(operands) < 4 {
		p.effect(Effect{What: p.what(), Files: Maybe})
		return
	}
	from, to := operands[2].text, operands[3].text
	fromS3, toS3 := strings.HasPrefix(from.Prefix(), "s3://"), strings.HasPrefix(to.Prefix(), "s3://")
	switch {
	case toS3:
		return
	case from.is("-"):
		return
	case to.is("-"):
		return
	case fromS3 && verb != "sync" && !has(options, "--recursive"):
		key := from.Suffix()
		base := path.Base("/" + key)
		switch s := to.Suffix(); {
		case s == "." || strings.HasSuffix(s, "/"):
			if strings.IndexByte(key, '/') < 0 {
				p.effect(Effect{What: p.what(), Files: Maybe})
				return
			}
			to = concat(to, Literal("/"+base))
		case p.isDir(to):
			to = concat(to, Literal("/"+base))
		}
		p.write(to, Variable(""), false, "aws")
	case p.isUnknownUpload(to):
		p.effect(Effect{What: p.what(), Files: Unlikely})
	default:
		p.effect(Effect{What: p.what(), Files: Maybe})
	}
}

// isUnknownUpload reports whether a copy goes to a place that a variable names,
// which is a bucket more often than not.
func (p *process) isUnknownUpload(to Text) bool {
	return len(to.parts) > 0 && to.parts[0].Unknown != nil && to.parts[0].Unknown != p.src
}
