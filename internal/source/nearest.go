package source

// Nearest returns the known name that name most likely stands for, or "": the
// same but for letter case, dashes and underscores, or one or two letters away.
func Nearest(name string, known []string) string { return nearest(name, known) }
