package taskdef_test

import (
	"fmt"
	"os"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// A task definition is a Go value; Validate says what AWS would refuse, and Render
// writes the file.
func Example() {
	d := &taskdef.Definition{
		Family:                  "web",
		RequiresCompatibilities: []taskdef.Compatibility{taskdef.CompatibilityFargate},
		NetworkMode:             taskdef.NetworkModeAwsvpc,
		CPU:                     "256",
		Memory:                  "512",
		ExecutionRoleARN:        "arn:aws:iam::${AWS_ACCOUNT_ID}:role/ecsTaskExecutionRole",
		ContainerDefinitions: []taskdef.Container{{
			Name:         "web",
			Image:        "<IMAGE1_NAME>",
			PortMappings: []taskdef.PortMapping{{ContainerPort: new(80)}},
			Environment:  []taskdef.KeyValue{{Name: "LOG_LEVEL", Value: new("info")}},
		}},
	}
	if err := d.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	text, err := d.Render()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(text)
	// Output:
	// {
	//   "family": "web",
	//   "requiresCompatibilities": [
	//     "FARGATE"
	//   ],
	//   "networkMode": "awsvpc",
	//   "cpu": "256",
	//   "memory": "512",
	//   "executionRoleArn": "arn:aws:iam::${AWS_ACCOUNT_ID}:role/ecsTaskExecutionRole",
	//   "containerDefinitions": [
	//     {
	//       "name": "web",
	//       "image": "<IMAGE1_NAME>",
	//       "portMappings": [
	//         {
	//           "containerPort": 80
	//         }
	//       ],
	//       "environment": [
	//         {
	//           "name": "LOG_LEVEL",
	//           "value": "info"
	//         }
	//       ]
	//     }
	//   ]
	// }
}

// ParseLax reads a file whatever is wrong with it; Check says what is, and where.
func ExampleDefinition_Check() {
	d, err := taskdef.ParseLax("taskdef.json", []byte(`{
  "family": "web",
  "requiresCompatibilities": ["FARGATE"],
  "networkMode": "awsvpc",
  "cpu": "256",
  "memory": "4096",
  "containerDefinitions": [
    {"name": "web", "image": "nginx:1.27", "portMappings": [{"containerPort": 80, "hostPort": 8080}]}
  ]
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range d.Check() {
		fmt.Println(p)
	}
	// Output:
	// taskdef.json:6:3: memory: found 4096, Fargate with cpu 256 allows 512, 1024, 2048 (MiB) (taskdef/fargate-size)
	// taskdef.json:8:83: containerDefinitions[0].portMappings[0].hostPort: found 8080, must be containerPort, 80, in network mode awsvpc; or leave it out (taskdef/ports)
}
