//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package cli

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// discardInput throws away what was typed on a terminal and not read yet.
func discardInput(file *os.File) { _ = flushInput(int(file.Fd())) } // it is no terminal then

// silence stops a terminal from showing what is typed, which would tear what is drawn
// there. It returns what gives it back as it was. In the background it does nothing:
// whoever is in front has the terminal.
func silence(file *os.File) (restore func()) {
	fd := int(file.Fd())
	was, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil || !isInFront(fd) {
		return func() {}
	}
	quiet := *was
	quiet.Lflag &^= unix.ECHO
	_ = unix.IoctlSetTermios(fd, setTermios, &quiet)
	return func() {
		if isInFront(fd) {
			_ = unix.IoctlSetTermios(fd, setTermios, was)
		}
	}
}

// isInFront reports whether the process is in the foreground of a terminal.
func isInFront(fd int) bool {
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// onSuspend calls before when the process is to be suspended (Ctrl-Z), suspends it, and
// calls after when it goes on. It does so until the function is called that is returned.
func onSuspend(before, after func()) (stop func()) {
	suspend, goOn := make(chan os.Signal, 1), make(chan os.Signal, 1)
	done, ended := make(chan struct{}), make(chan struct{})
	signal.Notify(suspend, unix.SIGTSTP)
	signal.Notify(goOn, unix.SIGCONT)
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-goOn: // it was suspended by other means
				after()
			case <-suspend:
				before()
				if canSuspend() {
					_ = unix.Kill(os.Getpid(), unix.SIGSTOP) // SIGTSTP cannot be given back to the system
					<-goOn
				}
				after()
			}
		}
	}()
	return func() {
		close(done)
		<-ended
		signal.Stop(suspend)
		signal.Stop(goOn)
	}
}

// canSuspend reports whether there is a shell with job control above the process, which
// wakes it again: processes of the group of a session's leader have none.
func canSuspend() bool {
	session, err := unix.Getsid(0)
	return err == nil && session != unix.Getpgrp()
}
