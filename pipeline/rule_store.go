package pipeline

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

var storeRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/artifact-store", Source: guide + "pipeline-requirements.html",
		Doc: "The pipeline has either artifactStore or artifactStores, of Amazon S3 buckets.",
	},
	Check: func(s *subject, r *check.Report) {
		switch {
		case s.ArtifactStore != nil && s.ArtifactStores != nil:
			r.Addf("artifactStores", "found both artifactStore and artifactStores; keep one")
		case s.ArtifactStore == nil && len(s.ArtifactStores) == 0 && absent(s.Extra, "artifactStore") && absent(s.Extra, "artifactStores"):
			r.Addf("artifactStore", "artifactStore is missing; with actions in several regions it is artifactStores")
		}
		if s.ArtifactStore != nil {
			checkStore(r, s.ArtifactStore, "artifactStore")
		}
		for region, store := range s.ArtifactStores {
			checkStore(r, &store, "artifactStores", region)
			if n := len(region); (n < 4 || n > 30) && known(region) {
				r.Addf(slipway.Path("artifactStores", region), "found %s, want the name of a region, such as us-east-1", quote(region))
			}
		}
	},
}

func checkStore(r *check.Report, store *ArtifactStore, path ...any) {
	at := func(elem ...any) string { return slipway.Path(slices.Concat(path, elem)...) }
	switch {
	case store.Type == ArtifactStoreTypeS3 || !known(store.Type):
	case store.Type != "":
		r.Addf(at("type"), `found %s, want "S3"`, quote(string(store.Type)))
	case absent(store.Extra, "type"):
		r.Addf(at(), `type is missing, want "S3"`)
	}
	switch location := store.Location; {
	case consists(location, 3, 63, "-."):
	case location == "":
		if absent(store.Extra, "location") {
			r.Addf(at(), "location is missing, want the name of a bucket")
		}
	case known(location):
		r.Addf(at("location"), "found %s, want the name of a bucket: 3 to 63 letters, digits, - and .", quote(location))
	}
	key := store.EncryptionKey
	if key == nil {
		return
	}
	if key.ID == "" && absent(key.Extra, "id") || len(key.ID) > 400 {
		r.Addf(at("encryptionKey"), "want an id of 1 to 400 characters: a key id, a key ARN or an alias ARN")
	}
	if key.Type != EncryptionKeyTypeKMS && known(key.Type) && absent(key.Extra, "type") {
		r.Addf(at("encryptionKey", "type"), `found %s, want "KMS"`, quote(string(key.Type)))
	}
}

var regionRule = check.Rule[*subject]{
	Rule: slipway.Rule{
		Name: "pipeline/region", Source: guide + "actions-create-cross-region.html",
		Doc: "Actions in several regions need artifactStores, with a store for the region of every action; sources are in the pipeline's own.",
	},
	Check: func(s *subject, r *check.Report) {
		first, own := "", ""
		for _, a := range s.actions {
			region := a.Region
			if region == "" || !known(region) {
				continue
			}
			if n := len(region); n < 4 || n > 30 {
				r.Addf(a.path("region"), "found %s, want the name of a region, such as us-east-1", quote(region))
				continue
			}
			if s.ArtifactStores != nil {
				s.checkStored(r, a)
				if a.kind.Category == ActionCategorySource {
					own = cmp.Or(own, region)
					if region != own {
						r.Addf(a.path("region"), "found %s beside a source in %s; all sources are in the pipeline's own region", region, own)
					}
				}
				continue
			}
			if first == "" {
				first = region
			}
			if region != first && s.ArtifactStore != nil {
				r.Addf(a.path("region"), "found %s beside actions in %s; actions in several regions need artifactStores", region, first)
			}
		}
	},
}

// checkStored reports an action whose region has no artifact store.
func (s *subject) checkStored(r *check.Report, a *actionRef) {
	if _, ok := s.ArtifactStores[a.Region]; ok {
		return
	}
	regions := slices.Sorted(maps.Keys(s.ArtifactStores))
	if !slices.ContainsFunc(regions, func(region string) bool { return !known(region) }) {
		r.Addf(a.path("region"), "artifactStores has no store for %s; it has %s", a.Region, strings.Join(regions, ", "))
	}
}
