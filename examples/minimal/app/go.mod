module example.com/docker-cicd-app

go 1.26
