package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

func discardInput(file *os.File) { _ = windows.FlushConsoleInputBuffer(windows.Handle(file.Fd())) }

func silence(*os.File) (restore func()) { return func() {} }

func onSuspend(before, after func()) (stop func()) { return func() {} }
