package team_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"tasuki/internal/team"
)

func aPNG() []byte {
	var b bytes.Buffer
	png.Encode(&b, image.NewGray(image.Rect(0, 0, 9, 7)))
	return b.Bytes()
}

func aJPEG() []byte {
	var b bytes.Buffer
	jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 90, 70)), nil)
	return b.Bytes()
}

var aPDF = []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n49\n%%EOF\n")

func joined(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestAFileIsWhatItsContentSays(t *testing.T) {
	page := []byte("<script>alert(1)</script>")
	cut := aPNG()
	broken := aPNG()
	broken[20] ^= 1
	for what, c := range map[string]struct {
		content []byte
		want    team.FileKind
	}{
		"a picture":                                   {aPNG(), team.FilePNG},
		"a photograph":                                {aJPEG(), team.FileJPEG},
		"a document":                                  {aPDF, team.FilePDF},
		"a document with white space behind":          {joined(aPDF, []byte("\r\n \n")), team.FilePDF},
		"a page":                                      {page, ""},
		"a drawing with a script":                     {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`), ""},
		"a page behind a picture":                     {joined(aPNG(), page), ""},
		"a page behind a document":                    {joined(aPDF, page), ""},
		"a page before a document":                    {joined(page, aPDF), ""},
		"half a picture":                              {cut[:len(cut)/2], ""},
		"a picture with a wrong sum":                  {broken, ""},
		"the head of a picture alone":                 {[]byte("\x89PNG\r\n\x1a\n"), ""},
		"the head of a document alone":                {[]byte("%PDF-1.7\n"), ""},
		"half a photograph":                           {aJPEG()[:200], ""},
		"a photograph without a frame":                {[]byte("\xff\xd8\xff\xe0\x00\x04ab\xff\xd9"), ""},
		"a program":                                   {[]byte("MZ\x90\x00"), ""},
		"an archive":                                  {[]byte("PK\x03\x04"), ""},
		"a moving picture":                            {[]byte("GIF89a"), ""},
		"a picture of more pixels than anybody needs": {joined([]byte("\x89PNG\r\n\x1a\n"), huge()), ""},
	} {
		kind, _, err := team.ReadFile(c.content)
		var invalid team.Invalid
		if kind != c.want || (c.want == "") != errors.As(err, &invalid) {
			t.Errorf("%s is %q, %v; want %q", what, kind, err, c.want)
		}
	}
	if _, _, err := team.ReadFile(nil); err == nil {
		t.Error("nothing is a file")
	}
	if _, _, err := team.ReadFile(make([]byte, team.MaxFile+1)); err == nil {
		t.Error("a file beyond the limit")
	}
}

// huge is the header of a picture of 60,000 by 60,000, with its right sum.
func huge() []byte {
	var b bytes.Buffer
	png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1)))
	head := b.Bytes()[8:33]
	copy(head[8:], []byte{0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60})
	sum := crc(head[4:21])
	copy(head[21:], sum[:])
	return joined(head, b.Bytes()[33:])
}

func TestWhatAPhoneWritesBehindAPhotographIsCutOff(t *testing.T) {
	photo := aJPEG()
	kind, kept, err := team.ReadFile(joined(photo, []byte("SEFH<script>alert(1)</script>")))
	if err != nil || kind != team.FileJPEG || !bytes.Equal(kept, photo) {
		t.Errorf("%s, %d bytes of %d, %v", kind, len(kept), len(photo), err)
	}
}

func FuzzReadFile(f *testing.F) {
	for _, seed := range [][]byte{aPNG(), aJPEG(), aPDF, huge(), []byte("\xff\xd8\xff\xff\xff\xda\x00\x02\xff\x00\xff\xd9"), []byte("%PDF-1.4startxref%%EOF"), nil} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		kind, kept, err := team.ReadFile(content)
		if (err == nil) != (kind != "") {
			t.Fatalf("%q, %v", kind, err)
		}
		if err != nil {
			return
		}
		if again, same, err := team.ReadFile(kept); err != nil || again != kind || !bytes.Equal(same, kept) {
			t.Fatalf("what is kept of a %s reads as %s, %v", kind, again, err)
		}
		if _, err := png.DecodeConfig(bytes.NewReader(kept)); kind == team.FilePNG && err != nil && len(kept) < 33 {
			t.Fatalf("a picture that is none: %v", err)
		}
	})
}

func crc(b []byte) (sum [4]byte) {
	binary.BigEndian.PutUint32(sum[:], crc32.ChecksumIEEE(b))
	return sum
}
