package sample

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/BurntSushi/toml"

	"tasuki/internal/team"
)

// One file for each category; the number in its name is its place.
//
//go:embed skills/*.toml
var skillFiles embed.FS

// StarterSkills returns the catalogue that a department can begin with, whole or in
// part: the skills of an in-house security department in both languages, with a
// sentence for each level, what such a department usually needs of each, and what
// NICE v1.0.0 calls it.
func StarterSkills() []team.StarterCategory {
	files, err := fs.Glob(skillFiles, "skills/*.toml")
	if err != nil {
		panic(err)
	}
	var list []team.StarterCategory
	for i, file := range files {
		var c starterCategory
		if err := readTOML(file, &c); err != nil {
			panic(fmt.Errorf("read the starter catalogue: %s: %w", file, err))
		}
		list = append(list, c.category(i+1))
	}
	return list
}

// readTOML decodes a file in which every word has to be known.
func readTOML(file string, into any) error {
	meta, err := toml.DecodeFS(skillFiles, file, into)
	if err == nil && len(meta.Undecoded()) > 0 {
		err = fmt.Errorf("unknown words: %v", meta.Undecoded())
	}
	return err
}

type starterCategory struct {
	Key    string         `toml:"key"`
	Ja     string         `toml:"ja"`
	En     string         `toml:"en"`
	Skills []starterSkill `toml:"skill"`
}

type starterSkill struct {
	Key           string       `toml:"key"`
	Ja            string       `toml:"ja"`
	En            string       `toml:"en"`
	DescriptionJa string       `toml:"description_ja"`
	DescriptionEn string       `toml:"description_en"`
	AnchorsJa     team.Anchors `toml:"anchors_ja"`
	AnchorsEn     team.Anchors `toml:"anchors_en"`
	RequiredLevel *team.Level  `toml:"required_level"`
	Minimum       *int         `toml:"minimum"`
	Redundancy    *int         `toml:"redundancy"`
	Weight        *int         `toml:"weight"`
	Critical      bool         `toml:"critical"`
	Incident      bool         `toml:"incident"`
	NICE          []string     `toml:"nice"` // codes of v1.0.0
}

func (c starterCategory) category(place int) team.StarterCategory {
	list := make([]team.StarterSkill, len(c.Skills))
	for i, s := range c.Skills {
		list[i] = team.StarterSkill{Key: s.Key, Skill: s.skill(i + 1)}
	}
	return team.StarterCategory{Key: c.Key, Category: team.Category{Name: c.Ja, NameEn: c.En, Place: place, Active: true}, Skills: list}
}

// skill fills what the file does not say with what most skills need.
func (s starterSkill) skill(place int) team.Skill {
	k := team.NewSkill()
	k.Name, k.NameEn, k.Description, k.DescriptionEn = s.Ja, s.En, s.DescriptionJa, s.DescriptionEn
	k.Anchors, k.AnchorsEn, k.Critical, k.Incident, k.Place = s.AnchorsJa, s.AnchorsEn, s.Critical, s.Incident, place
	if s.RequiredLevel != nil {
		k.RequiredLevel = *s.RequiredLevel
	}
	for _, n := range []struct{ to, from *int }{{&k.Minimum, s.Minimum}, {&k.Redundancy, s.Redundancy}, {&k.Weight, s.Weight}} {
		if n.from != nil {
			*n.to = *n.from
		}
	}
	for _, code := range s.NICE {
		k.Codes = append(k.Codes, team.SkillCode{Framework: "NICE", Version: "v1.0.0", Code: code})
	}
	return k
}
