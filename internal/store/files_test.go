package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var proof = []byte("%PDF-1.4\nstartxref\n0\n%%EOF\n")

func TestEvidenceIsForThePersonItIsAboutAndTheLead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		held := hold(t, s, c.aoi, c.aoi, kind(t, s, c.lead, sample.Certification("支援士")), 10)
		file := team.File{About: team.AboutCertificate, AboutID: held.ID, Name: `C:\証書\..\登録証.exe`, Content: proof}
		f, err := s.AddFile(ctx, c.aoi, file, "form-1")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.AddFile(ctx, c.aoi, file, "form-1"); err != nil || again.ID != f.ID {
			t.Errorf("the same form again made %s, %v", again.ID, err)
		}
		if f.Name != "登録証.pdf" || f.Kind != team.FilePDF || f.MemberID != c.aoi.ID {
			t.Errorf("kept as %+v", f)
		}
		for who, by := range map[string]team.Member{"the person": c.aoi, "a lead": c.lead} {
			if got, err := s.File(ctx, by, f.ID); err != nil || !bytes.Equal(got.Content, proof) {
				t.Errorf("%s reads %d bytes, %v", who, len(got.Content), err)
			}
			if h := heldBy(t, s, by, held.ID, today); len(h.Files) != 1 || h.Files[0].Content != nil {
				t.Errorf("%s sees %+v", who, h.Files)
			}
		}
		if h := heldBy(t, s, c.ben, held.ID, today); len(h.Files) != 0 {
			t.Errorf("a colleague sees %+v", h.Files)
		}
		for what, err := range map[string]error{
			"reads it":         func() error { _, err := s.File(ctx, c.ben, f.ID); return err }(),
			"removes it":       s.RemoveFile(ctx, c.ben, f.ID),
			"attaches another": func() error { _, err := s.AddFile(ctx, c.ben, file, ""); return err }(),
			"attaches what is none": func() error {
				_, err := s.AddFile(ctx, c.ben, team.File{About: team.AboutCertificate, AboutID: held.ID}, "")
				return err
			}(),
			"attaches it to nothing": func() error {
				_, err := s.AddFile(ctx, c.ben, team.File{About: team.AboutCertificate, AboutID: "nowhere", Content: proof}, "")
				return err
			}(),
			"attaches it to a nothing": func() error {
				_, err := s.AddFile(ctx, c.lead, team.File{About: "members", AboutID: c.aoi.ID, Content: proof}, "")
				return err
			}(),
			"reads what is not there": func() error { _, err := s.File(ctx, c.ben, "nowhere"); return err }(),
		} {
			if !errors.Is(err, team.ErrNotFound) {
				t.Errorf("somebody else %s: %v", what, err)
			}
		}
		var invalid team.Invalid
		if _, err := s.AddFile(ctx, c.aoi, team.File{About: team.AboutCertificate, AboutID: held.ID, Name: "a.pdf", Content: []byte("<html>")}, ""); !errors.As(err, &invalid) {
			t.Errorf("a page that calls itself a document: %v", err)
		}
		for n := 1; n < team.MaxFilesOfOne; n++ {
			if _, err := s.AddFile(ctx, c.aoi, file, ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.AddFile(ctx, c.aoi, file, ""); !errors.As(err, &invalid) || invalid[0].Rule != team.Full {
			t.Errorf("one more than there may be: %v", err)
		}
		if err := s.RemoveFile(ctx, c.aoi, f.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddFile(ctx, c.lead, file, ""); err != nil {
			t.Errorf("after one was taken off: %v", err)
		}
	})
}

func TestAPersonsEvidenceHasALimit(t *testing.T) {
	s := testdb.Open(t, testdb.URLs(t)["sqlite"])
	c := newCrew(t, s)
	large := append(append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("x"), team.MaxFile-100)...), proof[8:]...)
	fits := team.MaxFilesMember / len(large)
	for n := range fits + 1 {
		held := hold(t, s, c.aoi, c.aoi, kind(t, s, c.lead, sample.Certification(fmt.Sprint("資格", n))), 10)
		_, err := s.AddFile(ctx, c.aoi, team.File{About: team.AboutCertificate, AboutID: held.ID, Name: "a", Content: large}, "")
		if full := err != nil && strings.Contains(err.Error(), string(team.Full)); full != (n == fits) {
			t.Fatalf("file %d of %d: %v", n+1, fits, err)
		}
	}
}
