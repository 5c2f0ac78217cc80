// Package apply brings a bundle to AWS: it plans what has to change, says so to
// whoever has to agree, and does it.
//
//	a := apply.New(clients, apply.Options{})
//	plan, err := a.Plan(ctx, b)      // changes nothing that stands
//	fmt.Print(plan)                  // what would be created, updated, replaced, and why
//	err = a.Apply(ctx, plan)
//
// [Applier.Plan] asks STS where it is, binds the bundle to that account and region,
// and compares each of its artifacts with what stands there: templates with the stack
// and, where something differs, by a change set; the task definition with the revision
// that the service runs; the pipeline with the one that there is. What a service fills
// in by default is no difference, and the image of a container that the pipeline
// deploys is the pipeline's: it is never a reason for a change, and every revision that
// is registered here has the image that runs. CloudFormation sends a service as a whole,
// with its number of tasks and its task definition: what an update would undo that was
// scaled or deployed beside the stack is foreseen, and looked at again right before the
// update.
//
// [Applier.Apply] goes from the ground up: stacks without a service, the task
// definition, stacks with one, the pipeline. A first run creates the service without
// a task, because there is no image yet; it waits until the pipeline has delivered the
// first one, and then raises the number of tasks. Each step finds what an earlier run
// has left and goes on from there, so that the remedy for an interruption, at any
// point, is to run it again. A plan whose ground has changed is refused ([ErrStale]).
//
// [Applier.Status] tells what stands. [Applier.PlanDestroy] and [Applier.Destroy]
// remove it again, in the other direction.
//
// # What is written before a plan is agreed to
//
// Change sets; for a stack that does not exist, the empty record in state
// REVIEW_IN_PROGRESS that a change set needs; for a template of more than 51,200 bytes,
// the object in the artifact bucket from which CloudFormation reads it, which is removed
// as soon as it was read. Apply uses the change sets, [Applier.Discard] removes them.
// With [Options.ReadOnly] nothing is written: differences are then computed from the
// stack's present template.
//
// # Failures
//
// An error is an [*Error], which names what was worked on, the call, and what to do;
// of a failed stack, build or deployment it names the first cause: the resource that
// failed first, the command of the build with its last output, the reason for which a
// task stopped. Throttling and passing faults are not errors: calls are repeated, with
// growing pauses, unless that could do something twice, and what has happened is looked
// up in that case. Everything has a time limit ([Timeouts]) and ends with its context.
//
// # For tests
//
// Package applytest is an AWS in memory that behaves as the real one does here.
package apply
