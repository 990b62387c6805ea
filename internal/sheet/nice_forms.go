package sheet

import (
	"regexp"
	"slices"
	"strings"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// clusterKinds are the types of the MISP clusters, without "nice-framework-".
var clusterKinds = map[string]string{
	"work_roles": team.KindWorkRole, "competency_areas": team.KindCompetencyArea, "skills": team.KindSkillStatement,
	"knowledges": team.KindKnowledge, "tasks": team.KindTask,
}

// galaxyVersions says from which version of NICE a version of the MISP cluster was
// made; the cluster itself does not say.
var galaxyVersions = map[int]string{1: "v1.0.0"}

// galaxy reads one cluster of the MISP galaxies: a file for each kind.
func (r *niceReader) galaxy(root object) error {
	of, err := member[string](root, "", "type")
	if err != nil {
		return err
	}
	of, ours := strings.CutPrefix(of, "nice-framework-")
	if !ours {
		return notNICE("type", "is not one of nice-framework-…")
	}
	edition, err := optional[int](root, "", "version")
	if err != nil {
		return err
	}
	version := r.version
	if version == "" {
		version = galaxyVersions[edition]
	}
	kind := clusterKinds[of]
	if version == "" && kind != "" {
		return ErrNoVersion
	}
	return objects(root, "", "values", func(o object, path string) error {
		if kind == "" {
			r.found.LeftOut++
			return nil
		}
		return r.cluster(o, path, team.FrameworkEntry{Version: version, Kind: kind})
	})
}

// cluster reads one value of a galaxy: "beginning of the description - CODE".
func (r *niceReader) cluster(o object, path string, e team.FrameworkEntry) error {
	value, err := member[string](o, path, "value")
	if err != nil {
		return err
	}
	at := strings.LastIndex(value, " - ")
	if at < 0 {
		return notNICE(path+"value", "has no code after its last dash")
	}
	if e.Text, err = member[string](o, path, "description"); err != nil {
		return err
	}
	e.Code, e.Title = strings.TrimSpace(value[at+3:]), line(value[:at])
	if whole := line(e.Text); len(e.Title) < len(whole) && strings.HasPrefix(whole, e.Title) {
		e.Title += "…"
	}
	return r.add(e, path)
}

// cprt reads the elements of a CPRT export; relationships are not needed.
func (r *niceReader) cprt(root object, path string) error {
	if root["elements"] == nil {
		return notNICE("", "it has neither the elements of CPRT nor the values of a MISP cluster")
	}
	versions, err := documentVersions(root, path)
	if err != nil {
		return err
	}
	return objects(root, path, "elements", func(o object, path string) error { return r.element(o, path, versions) })
}

// documentVersions reads which version each document of an export is.
func documentVersions(root object, path string) (map[string]string, error) {
	versions := map[string]string{}
	if root["documents"] == nil {
		return versions, nil
	}
	err := objects(root, path, "documents", func(o object, path string) error {
		id, err := member[string](o, path, "doc_identifier")
		if err != nil {
			return err
		}
		version, err := optional[string](o, path, "version")
		if v, bad := niceVersion(version); bad == nil {
			versions[id] = v
		}
		return err
	})
	return versions, err
}

// documentName is how CPRT names the documents of NICE; those since 2.1.0 end with
// their version.
var documentName = regexp.MustCompile(`^SP_800_181(_rev_1)?(?:_([0-9]{1,4})_([0-9]{1,4})_([0-9]{1,4}))?$`)

func (r *niceReader) element(o object, path string, versions map[string]string) error {
	of, err := member[string](o, path, "element_type")
	if err != nil {
		return err
	}
	if !slices.Contains(team.EntryKinds, of) {
		r.found.LeftOut++
		return nil
	}
	e := team.FrameworkEntry{Kind: of}
	if e.Code, err = member[string](o, path, "element_identifier"); err != nil {
		return err
	}
	if e.Title, err = optional[string](o, path, "title"); err != nil {
		return err
	}
	if e.Text, err = optional[string](o, path, "text"); err != nil {
		return err
	}
	if e.Version, err = r.versionOf(o, path, versions); err != nil {
		return err
	}
	return r.add(e, path)
}

func (r *niceReader) versionOf(o object, path string, versions map[string]string) (string, error) {
	document, err := member[string](o, path, "doc_identifier")
	if err != nil {
		return "", err
	}
	name := documentName.FindStringSubmatch(document)
	switch {
	case name == nil:
		return "", notNICE(path+"doc_identifier", "is "+text.Snippet(document, 40)+", which is not NICE")
	case r.version != "":
		return r.version, nil
	case versions[document] != "":
		return versions[document], nil
	case name[2] != "":
		return "v" + strings.Join(name[2:], "."), nil
	}
	return "", ErrNoVersion
}
