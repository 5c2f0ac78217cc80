package rehearse

import (
	"context"
	"strings"
	"time"
)

// standIn returns the stand-in of this package for a program, or nil. A switch,
// so that a program that never rehearses pays nothing for it.
func standIn(name string) Program {
	switch name {
	case "aws":
		return awsCLI
	case "docker", "podman":
		return dockerCLI
	case "git":
		return gitCLI
	case "jq":
		return jq
	}
	for _, table := range []func(string) Program{textTool, fileTool, systemTool} {
		if p := table(name); p != nil {
			return p
		}
	}
	return nil
}

// systemTool returns a tool that asks for the machine or runs other programs.
func systemTool(name string) Program {
	switch name {
	case "bash", "sh", "dash":
		return shell
	case "date":
		return date
	case "echo":
		return echo
	case "true", "clear", "sync":
		return fixed("")
	case "false":
		return func(context.Context, *Call) error { return ExitStatus(1) }
	case "env":
		return env
	case "id", "whoami":
		return whoami
	case "nohup", "sudo", "command", "time", "nice":
		return prefix
	case "nproc":
		return fixed("2\n")
	case "hostname":
		return fixed("rehearsal\n")
	case "printenv":
		return printenv
	case "sleep":
		return sleep
	case "timeout":
		return timeout
	case "uname":
		return uname
	case "which":
		return which
	}
	return nil
}

// echo is for those who do not have the shell's own.
func echo(_ context.Context, c *Call) error {
	c.printf("%s\n", strings.Join(c.Args[1:], " "))
	return nil
}

func fixed(text string) Program {
	return func(_ context.Context, c *Call) error {
		c.printf("%s", text)
		return nil
	}
}

// shell runs a script, or the text after -c.
func shell(ctx context.Context, c *Call) error {
	args := c.Args[1:]
	options := ""
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && args[0] != "-c" {
		if strings.HasPrefix(args[0], "--") {
			if args[0] == "--version" {
				c.printf("GNU bash, version 5.2.15(1)-release\n")
				return nil
			}
		} else if letters := strings.Trim(args[0][1:], "lic"); letters != "" {
			options += "set -" + letters + "\n"
		}
		if strings.Contains(args[0], "c") && !strings.HasPrefix(args[0], "--") {
			args[0] = "-c"
			break
		}
		if args[0] == "-o" && len(args) > 1 {
			options, args = strings.TrimSuffix(options, "set -o\n")+"set -o "+args[1]+"\n", args[1:]
		}
		args = args[1:]
	}
	switch {
	case len(args) == 0:
		data, err := c.input("-")
		if err != nil {
			return err
		}
		return c.c.subshell(ctx, c, options+string(data), c.Args[:1])
	case args[0] == "-c" && len(args) == 1:
		return c.failf(2, "-c: option requires an argument")
	case args[0] == "-c":
		params := args[min(2, len(args)):]
		if len(params) == 0 {
			params = c.Args[:1]
		}
		return c.c.subshell(ctx, c, options+args[1], params)
	}
	data, err := c.ReadFile(args[0])
	if err != nil {
		return c.failf(127, "%s", describe(err))
	}
	return c.c.subshell(ctx, c, options+string(data), args)
}

// prefix runs the program that follows, without any option of its own.
func prefix(ctx context.Context, c *Call) error {
	args := c.Args[1:]
	for len(args) > 0 && (args[0] == "-E" || args[0] == "-n" || args[0] == "-H") {
		args = args[1:]
	}
	if len(args) == 0 {
		return nil
	}
	if args[0][0] == '-' {
		return c.unknown(args[0])
	}
	return c.run(ctx, args)
}

// timeout runs a program; the limit of the rehearsal is the one that counts.
func timeout(ctx context.Context, c *Call) error {
	args := c.Args[1:]
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		if args[0] == "-k" || args[0] == "-s" {
			args = args[1:]
		}
		args = args[min(1, len(args)):]
	}
	if len(args) < 2 {
		return c.failf(125, "missing operand")
	}
	limit, err := duration(args[0])
	if err != nil {
		return c.failf(125, "invalid time interval %q", args[0])
	}
	if limit > 0 {
		var cancel context.CancelFunc
		inner, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		if err := c.run(inner, args[1:]); ctx.Err() == nil && inner.Err() == context.DeadlineExceeded {
			return ExitStatus(124)
		} else {
			return err
		}
	}
	return c.run(ctx, args[1:])
}

// duration reads what sleep and timeout take: 5, 0.5, 10s, 2m, 1h, 1d, infinity.
func duration(s string) (time.Duration, error) {
	if s == "infinity" || s == "inf" {
		return 1 << 62, nil
	}
	if s != "" && s[len(s)-1] == 'd' {
		d, err := duration(s[:len(s)-1] + "h")
		return 24 * d, err
	}
	if s != "" && (s[len(s)-1] == '.' || s[len(s)-1] >= '0' && s[len(s)-1] <= '9') {
		s += "s"
	}
	return time.ParseDuration(s)
}

// maxSleep is how long a call of sleep waits: what it waits for does not happen
// offline, but a loop around it must not eat a processor either.
const maxSleep = 100 * time.Millisecond

func sleep(ctx context.Context, c *Call) error {
	var total time.Duration
	for _, arg := range c.Args[1:] {
		d, err := duration(arg)
		if err != nil || d < 0 {
			return c.failf(1, "invalid time interval %q", arg)
		}
		total += min(d, maxSleep)
	}
	timer := time.NewTimer(min(total, maxSleep))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func which(_ context.Context, c *Call) error {
	var err error
	for _, name := range c.Args[1:] {
		switch {
		case isBuiltin(name):
			c.printf("%s\n", name)
		case c.c.isProgram(name):
			c.printf("/usr/bin/%s\n", name)
		default:
			err = ExitStatus(1)
		}
	}
	return err
}

func whoami(_ context.Context, c *Call) error {
	if c.Args[0] == "whoami" || len(c.Args) > 1 && strings.Contains(c.Args[1], "n") {
		c.printf("root\n")
	} else if len(c.Args) > 1 {
		c.printf("0\n")
	} else {
		c.printf("uid=0(root) gid=0(root) groups=0(root)\n")
	}
	return nil
}

// uname answers as the build image's processor has it.
func uname(_ context.Context, c *Call) error {
	machine := "x86_64"
	if c.c.arm {
		machine = "aarch64"
	}
	set, _, err := c.flags("amnrsopiv", "", nil)
	switch {
	case err != nil:
		return err
	case has(set, 'a'):
		c.printf("Linux rehearsal 6.1.0 #1 SMP %s GNU/Linux\n", machine)
	case has(set, 'm'), has(set, 'p'), has(set, 'i'):
		c.printf("%s\n", machine)
	case has(set, 'r'):
		c.printf("6.1.0\n")
	case has(set, 'n'):
		c.printf("rehearsal\n")
	default:
		c.printf("Linux\n")
	}
	return nil
}

// env prints the exported variables, or runs a program with more of them.
func env(ctx context.Context, c *Call) error {
	args := c.Args[1:]
	more := map[string]string{}
	for len(args) > 0 {
		name, value, ok := strings.Cut(args[0], "=")
		if !ok {
			break
		}
		more[name], args = value, args[1:]
	}
	if len(args) == 0 {
		all := c.exported()
		for name, value := range more {
			all[name] = value
		}
		printVariables(c, all)
		return nil
	}
	if args[0][0] == '-' {
		return c.unknown(args[0])
	}
	next := *c
	next.env = overlay{c.env, more}
	return next.run(ctx, args)
}

func printenv(_ context.Context, c *Call) error {
	if len(c.Args) == 1 {
		printVariables(c, c.exported())
		return nil
	}
	var err error
	all := c.exported()
	for _, name := range c.Args[1:] {
		if value, ok := all[name]; ok {
			c.printf("%s\n", value)
		} else {
			err = ExitStatus(1)
		}
	}
	return err
}
