// Package oracle asks the outside judges: what nobody here wrote. Only tests
// import it.
//
//   - [LoadYAML] and [EqualYAML]: what PyYAML, which the AWS CLI and cfn-lint read
//     with, makes of a text; [LoadTemplate]: what the AWS CLI makes of a template.
//   - [CheckShape] and [CheckSubShape]: whether JSON or a template's properties are
//     what botocore's model of an API operation takes; [CheckTemplate]: the same for
//     all resources of a template whose properties have such a form.
//   - [CfnLint]: what cfn-lint says of templates in five regions.
//   - [AWS]: the AWS CLI, without network or configuration.
//   - [Moto] and [Ministack]: emulators of AWS on a port of 127.0.0.1.
//
// The judges live in a virtual environment, .venv at the root of the module,
// which "make venv" builds from requirements.txt. A test whose judge is missing is
// skipped, or fails if SLIPWAY_ORACLES=require, which "make test" sets. The
// variable SLIPWAY_PYTHON names another interpreter that has the packages.
//
// One Python process serves a test binary: it starts with the first question and
// ends when the binary does. All functions may be called from parallel tests.
package oracle
