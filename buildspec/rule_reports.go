package buildspec

import (
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

const (
	maxReports    = 5   // groups of a project
	maxReportName = 125 // 128, less a project's name of two letters and a dash
)

var reportsRule = slipway.Rule{
	Name: "buildspec/reports", Source: refURL + "#build-spec.reports",
	Doc: "There are at most five report groups, each with files and a name of at most 125 characters or an ARN.",
}

func checkReports(s *Spec, r *check.Report) {
	if n := len(s.Reports); n > maxReports {
		r.Addf("reports", "found %d report groups, a project has at most %d", n, maxReports)
	}
	for i := range s.Reports {
		report := &s.Reports[i]
		path := slipway.Path("reports", report.Name)
		if len(report.Files) == 0 && !has(report.Extra, "files") {
			r.Addf(path, "files is missing; name the report files")
		}
		if n := len(report.Name); n > maxReportName && !strings.HasPrefix(report.Name, "arn:") && !strings.Contains(report.Name, "$") {
			r.Addf(path, "the name has %d characters; with the project's before it, a group's name has at most 128", n)
		}
	}
}

var reportFormatRule = slipway.Rule{
	Name: "buildspec/report-format", Source: refURL + "#build-spec.reports.file-format",
	Doc: "file-format is one of those that CodeBuild reads, in any letter case.",
}

func checkReportFormat(s *Spec, r *check.Report) {
	for i := range s.Reports {
		format := s.Reports[i].FileFormat
		if format == "" || strings.Contains(format, "$") {
			continue
		}
		switch strings.ToUpper(format) {
		case "CUCUMBERJSON", "JUNITXML", "NUNITXML", "NUNIT3XML", "TESTNGXML", "VISUALSTUDIOTRX",
			"CLOVERXML", "COBERTURAXML", "JACOCOXML", "SIMPLECOV":
		default:
			r.Addf(slipway.Path("reports", s.Reports[i].Name, "file-format"), "found %q, want a test report (JUNITXML, "+
				"CUCUMBERJSON, NUNITXML, NUNIT3XML, TESTNGXML, VISUALSTUDIOTRX) or a coverage report (CLOVERXML, COBERTURAXML, "+
				"JACOCOXML, SIMPLECOV)", format)
		}
	}
}
