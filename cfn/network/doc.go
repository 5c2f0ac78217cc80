// Package network builds the CloudFormation template of the network in which a
// containerised service runs: a VPC with an internet gateway, one public subnet
// in each of some availability zones, and the security group of the service.
//
// The zero [Network] is a complete one: 10.0.0.0/16, two zones, TCP port 80 open
// to everyone.
//
//	t, err := network.Network{
//		Zones:   3,
//		Ingress: []network.Ingress{{Port: 8080}},
//	}.Template()
//
// [Network.Template] refuses what cannot work, with every problem named, and
// otherwise returns a plain [cfn.Template], to render or to add to. The template
// has no parameters and names no region, account or partition, so that it works
// everywhere.
//
// # What others see
//
// The stack exports its identifiers under names that begin with its own name.
// [Exports] gives these names to the templates that import them:
//
//	cfn.Split{Delimiter: ",", Text: cfn.ImportValue{Name: cfn.String(network.Exports("shop-network").PublicSubnets)}}
//
// # What it leaves out
//
// There are no private subnets: a task in a public subnet with a public address
// of its own reaches ECR without a NAT gateway, which costs more than a small
// service. What the security group does not open stays closed.
package network
