// Package applytest is an AWS in memory, for the tests of programs that embed slipway and
// for demonstrations.
//
//	cloud := applytest.New(applytest.Options{})
//	a := apply.New(cloud.Clients(), apply.Options{Clock: cloud.Clock()})
//	cloud.Push("app", "main") // somebody pushes the source
//	plan, err := a.Plan(ctx, b)
//
// A [Cloud] is one account in one region. Its clients are those of the SDK, which check
// their input and make their errors as ever, but hand each call to the cloud. Its clock
// is virtual: stacks, services, builds and pipelines take the time that they take at AWS,
// and that time passes when somebody sleeps. Nothing is random and nothing runs in the
// background: what happens twice in the same order gives the same events, identifiers
// and states.
//
// # What goes on in it
//
// Change sets are made, executed and rolled back; the resources of templates are created
// in the order of their dependencies. Those that slipway's own templates have are real:
// buckets hold objects, repositories images, services run tasks, a rule of EventBridge
// starts a pipeline when a commit arrives. A resource of any other type is a thing with a
// name and plausible attributes. A pipeline fetches its source, builds an image into the
// repository, and deploys a new revision of the task definition of the service.
//
// The answers are AWS's, down to the words of errors, where they are known: from AWS's
// models and documentation, from recordings of AWS in the tests of others, and from
// public reports. The tests of this package say which.
//
// # Scripts
//
// [Cloud.Fail] makes a call fail, with an error of the service or without any answer,
// before or after the work was done. [Cloud.FailResource] makes a resource of a stack
// fail, [Cloud.ScriptBuilds] a build, [Cloud.ScriptTasks] a task. [Cloud.Push],
// [Cloud.Scale], [Cloud.Approve] and [Cloud.Occupy] are what others do meanwhile. A script
// that makes no sense panics and says why; [Cloud.Unfired] returns those that nothing
// has met.
//
// # What is seen
//
// [Cloud.Calls] has every call, [Options.OnCall] is told of each before and after, so that
// a test can end its program at every boundary; [Serve] and [Dial] let that program be
// another process, which can be killed. [Cloud.Snapshot] is all that stands, to be
// compared: with what should stand, or with another cloud by [Cloud.Normalized].
//
// # What is not as at AWS
//
// Rights are not evaluated, except that a pipeline's role has to exist and to trust it.
// The properties of resources are not validated. Nested stacks, macros, stack sets,
// drift, imports into stacks and rollback triggers are missing; so are other deployment
// controllers of ECS than its own, and other action providers of CodePipeline than
// sources, CodeBuild, ECS and approvals, which do nothing and succeed. A service keeps
// all of its tasks during a deployment (100 and 200 percent). Pages are smaller for some
// operations, which is no difference to a caller that reads them all.
package applytest
