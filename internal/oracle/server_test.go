package oracle_test

import (
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/oracle"
)

func TestServers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts emulators")
	}
	for name, start := range map[string]func(testing.TB, ...string) *oracle.Server{
		"moto": oracle.Moto, "ministack": oracle.Ministack,
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			create := func() error {
				_, err := oracle.AWS(t, "--endpoint-url", s.URL, "ecr", "create-repository", "--repository-name", "web")
				return err
			}
			if err := create(); err != nil {
				t.Fatal(err)
			}
			if err := create(); err == nil || !strings.Contains(err.Error(), "RepositoryAlreadyExistsException") {
				t.Errorf("second create: got %v", err)
			}
			s.Reset(t)
			if err := create(); err != nil {
				t.Errorf("after reset: %v", err)
			}
		})
	}
}
