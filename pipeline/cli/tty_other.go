//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly || windows)

package cli

import "os"

func discardInput(*os.File) {}

func silence(*os.File) (restore func()) { return func() {} }

func onSuspend(before, after func()) (stop func()) { return func() {} }
