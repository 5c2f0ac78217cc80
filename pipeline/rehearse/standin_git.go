package rehearse

import (
	"context"
	"strconv"
	"strings"
)

// gitCLI stands in for git. A source that CodePipeline hands on as a ZIP file is
// no repository: there git fails, as it does in the cloud. A full clone
// (OutputArtifactFormat CODEBUILD_CLONE_REF) has the one fictional commit.
func gitCLI(_ context.Context, c *Call) error {
	args := c.Args[1:]
	for len(args) > 1 && (args[0] == "-C" || args[0] == "-c") {
		args = args[2:]
	}
	if len(args) == 0 {
		return c.failf(1, "missing command")
	}
	verb, args := args[0], args[1:]
	switch verb {
	case "--version", "version":
		c.printf("git version 2.45.0\n")
		return nil
	case "config", "init":
		return nil
	}
	if !c.c.clone {
		return c.daemonStatus(128, "fatal: not a git repository (or any of the parent directories): .git")
	}
	commit := c.c.opts.Commit
	switch verb {
	case "rev-parse":
		return c.revParse(commit, args)
	case "log", "show":
		return c.gitLog(commit, args)
	case "describe":
		if strings.Contains(strings.Join(args, " "), "--always") {
			c.printf("%s\n", commit[:min(7, len(commit))])
			return nil
		}
		return c.daemonStatus(128, "fatal: No names found, cannot describe anything.")
	case "branch":
		c.printf("* (HEAD detached at %s)\n", commit[:min(7, len(commit))])
		return nil
	case "status", "diff", "fetch", "tag", "checkout", "submodule":
		return nil
	}
	return c.failf(1, "no stand-in for git %s; allow git, or add a stand-in", verb)
}

func (c *Call) daemonStatus(status ExitStatus, message string) error {
	_ = c.daemon(message)
	return status
}

func (c *Call) revParse(commit string, args []string) error {
	length := len(commit)
	for _, arg := range args {
		name, value, hasValue := strings.Cut(arg, "=")
		switch {
		case name == "--short":
			length = 7
			if n, err := strconv.Atoi(value); hasValue && err == nil {
				length = n
			}
		case arg == "--show-toplevel":
			c.printf("%s\n", c.Env("CODEBUILD_SRC_DIR"))
			return nil
		case arg == "--abbrev-ref":
			c.printf("HEAD\n")
			return nil
		case arg == "--is-inside-work-tree":
			c.printf("true\n")
			return nil
		case strings.HasPrefix(arg, "-") && arg != "--verify" && arg != "--quiet" && arg != "-q":
			return c.unknown("rev-parse " + arg)
		}
	}
	c.printf("%s\n", commit[:min(max(length, 4), len(commit))])
	return nil
}

func (c *Call) gitLog(commit string, args []string) error {
	for _, arg := range args {
		format, ok := strings.CutPrefix(arg, "--format=")
		if !ok {
			format, ok = strings.CutPrefix(arg, "--pretty=")
		}
		if !ok {
			continue
		}
		now := c.c.now()
		c.printf("%s\n", strings.NewReplacer("%H", commit, "%h", commit[:min(7, len(commit))], "%s", commitMessage, "%B", commitMessage,
			"%an", "Rehearsal", "%ae", "rehearsal@example.com", "%ct", strconv.FormatInt(now.Unix(), 10),
			"%cd", now.Format("Mon Jan 2 15:04:05 2006 -0700"), "%cI", now.Format("2006-01-02T15:04:05-07:00"),
			"%cs", now.Format("2006-01-02"), "%d", "", "%D", "").Replace(strings.TrimPrefix(strings.TrimPrefix(format, "format:"), "tformat:")))
		return nil
	}
	if strings.Contains(strings.Join(args, " "), "--oneline") {
		c.printf("%s %s\n", commit[:min(7, len(commit))], commitMessage)
		return nil
	}
	c.printf("commit %s\n\n    %s\n", commit, commitMessage)
	return nil
}

// commitMessage is the message of the fictional commit.
const commitMessage = "Rehearsal"
