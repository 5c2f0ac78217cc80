package buildspec

import "strings"

// size returns a guess, mostly a little too high, at the number of bytes that
// rendering takes, so that [Spec.Render] allocates once. It may be wrong.
func (s *Spec) size() int {
	n := 64
	for _, phase := range s.Phases.All() {
		n += 40 + len(phase.OnFailure) + sizeTexts(phase.Commands) + sizeTexts(phase.Finally) + 32*len(phase.RuntimeVersions)
	}
	if e := s.Env; e != nil {
		n += 64 + sizeVariables(e.Variables) + sizeVariables(e.ParameterStore) + sizeVariables(e.SecretsManager) + sizeTexts(e.ExportedVariables)
	}
	if b := s.Batch; b != nil {
		n += 512 + sizeBuilds(b.BuildList) + sizeBuilds(b.BuildGraph)
	}
	for i := range s.Reports {
		n += 128 + sizeTexts(s.Reports[i].Files)
	}
	if a := s.Artifacts; a != nil {
		n += sizeArtifacts(a)
	}
	if s.Cache != nil {
		n += 128 + sizeTexts(s.Cache.Paths)
	}
	if s.EnvironmentVariables != nil {
		n += 64 + sizeVariables(s.EnvironmentVariables.Plaintext)
	}
	return n
}

// sizeTexts allows for the key, for dashes, quotes and indentation.
func sizeTexts(list []string) int {
	if list == nil {
		return 0
	}
	n := 24
	for _, s := range list {
		n += len(s) + 12
		if len(s) > 16 {
			n += 8 * strings.Count(s, "\n")
		}
	}
	return n
}

func sizeVariables(list []Variable) int {
	if list == nil {
		return 0
	}
	n := 24
	for i := range list {
		n += len(list[i].Name) + len(list[i].Value) + 10
	}
	return n
}

func sizeBuilds(list []BatchBuild) int {
	n := 16
	for i := range list {
		n += 192 + sizeTexts(list[i].DependOn)
		if e := list[i].Env; e != nil {
			n += 128 + len(e.Image) + len(e.Fleet) + sizeVariables(e.Variables) + 6*len(e.Variables)
		}
	}
	return n
}

func sizeArtifacts(a *Artifacts) int {
	n := 32 + len(a.Name) + len(a.BaseDirectory) + sizeTexts(a.Files) + sizeTexts(a.ExcludePaths)
	for i := range a.SecondaryArtifacts {
		n += 128 + sizeArtifacts(&a.SecondaryArtifacts[i])
	}
	return n
}
