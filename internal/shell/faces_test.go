package shell_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-b1f00840/slipway/internal/shell"
)

// The many ways in which builds write imagedefinitions.json.
func TestFaces(t *testing.T) {
	const web = "web=${URI}"
	tests := []struct{ commands, want string }{
		{"HASH=$(echo $CODEBUILD_RESOLVED_SOURCE_VERSION | cut -c 1-7)\nTAG=${HASH:=latest}\nprintf '[{\"name\":\"web\",\"imageUri\":\"%s\"}]' $REPO:$TAG > imagedefinitions.json", "web=${REPO}:${HASH}"},
		{`if [ "$CODEBUILD_BUILD_SUCCEEDING" = "0" ]; then echo failed; exit 1; fi; echo '[{"name":"web","imageUri":"'"$URI"'"}]' | tee imagedefinitions.json`, web},
		{"FMT='[{\"name\":\"%s\",\"imageUri\":\"%s\"}]'\nprintf \"$FMT\" web $URI > imagedefinitions.json", web},
		{"JSON='[{\"name\":\"web\",\"imageUri\":\"IMG\"}]'\necho $JSON | sed \"s|IMG|$URI|\" > imagedefinitions.json", web},
		{"cat <<EOF | tee imagedefinitions.json\n[{\"name\": \"web\", \"imageUri\": \"${URI}\"}]\nEOF", web},
		{`echo [{\"name\":\"web\",\"imageUri\":\"$URI\"}] > imagedefinitions.json`, web},
		{`printf "[{\"name\":\"web\",\"imageUri\":\"%s\"}]" "$URI" > "$CODEBUILD_SRC_DIR"/imagedefinitions.json`, web},
		{`printf '[{\"name\":\"web\",\"imageUri\":\"%s\"}]' "$URI" > imagedefinitions.json`, web},
		{`jq -n --arg uri "$URI" '[{"name":"web","imageUri":$uri}]' | tee imagedefinitions.json`, web},
		{`export IMAGE="$URI" && printf '[{"name":"web","imageUri":"%s"}]' $IMAGE > imagedefinitions.json || exit 1`, web},
		{"mkdir -p out && cd out && printf '[{\"name\":\"web\",\"imageUri\":\"%s\"}]' $URI > imagedefinitions.json\ncd ..\ncp out/imagedefinitions.json .", web},
		{`write() { printf '[{"name":"%s","imageUri":"%s"}]' "$1" "$2" > imagedefinitions.json; }; write web "$URI"`, web},
		{`{ printf '['; printf '{"name":"web","imageUri":"%s"}' "$URI"; printf ']'; } > imagedefinitions.json`, web},
		{`OUT=""; for c in web api; do OUT="$OUT{\"name\":\"$c\",\"imageUri\":\"$URI\"},"; done; echo "[${OUT%,}]" > imagedefinitions.json`, web + " api=${URI}"},
		{"cat > imagedefinitions.json << 'EOF'\n[{\"name\":\"web\",\"imageUri\":\"$URI\"}]\nEOF", "web=$URI"},
		{`bash -c 'printf "[{\"name\":\"web\",\"imageUri\":\"%s\"}]" "$URI" > imagedefinitions.json'`, web},
		{`echo "$(printf '[{"name":"web","imageUri":"%s"}]' $URI)" >imagedefinitions.json`, web},
		{`printf '{"name":"web","imageUri":"%s"}' "$URI" | jq -s . > imagedefinitions.json`, "?"},
		{`echo "[{'name':'web','imageUri':'$URI'}]" | tr "'" '"' > imagedefinitions.json`, "?"},
		{`node -p "JSON.stringify([{name:'web'}])" > imagedefinitions.json`, "?"},
		{`sh -c "printf '[{\"name\":\"web\",\"imageUri\":\"%s\"}]' $URI > imagedefinitions.json"`, "?"},
	}
	for _, test := range tests {
		f := read("", strings.Split(test.commands, "\n")...).File("imagedefinitions.json")
		if strings.Contains(test.commands, "<<") {
			f = read("", test.commands).File("imagedefinitions.json")
		}
		images, err := shell.ImageDefinitions(f.Content)
		var got []string
		for _, i := range images {
			got = append(got, i.Name.String()+"="+i.URI.String())
		}
		s := strings.Join(got, " ")
		if errors.Is(err, shell.ErrUnknown) {
			s = "?"
		} else if err != nil {
			s = err.Error()
		}
		if s != test.want {
			t.Errorf("%s:\ngot %q, want %q", test.commands, s, test.want)
		}
		if f.Exists < shell.Maybe {
			t.Errorf("%s: %s", test.commands, f.Exists)
		}
	}
}
