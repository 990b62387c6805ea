package team

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// FileKind is what a file is by its content; its name says nothing.
type FileKind string

// The kinds of files that can be attached.
const (
	FilePDF  FileKind = "pdf"
	FilePNG  FileKind = "png"
	FileJPEG FileKind = "jpeg"
)

// FileAbout says what a file belongs to.
type FileAbout string

// What files belong to.
const (
	AboutCertificate FileAbout = "certificate"
	AboutCredits     FileAbout = "credits"
	AboutTraining    FileAbout = "training"
)

// FileAbouts lists what files belong to.
var FileAbouts = []FileAbout{AboutCertificate, AboutCredits, AboutTraining}

// File is evidence that somebody attached. Only the person it is about and leads may
// read it.
type File struct {
	ID       string    `db:"id" json:"id,omitzero"`
	MemberID string    `db:"member_id" json:"member_id,omitzero"` // whose evidence it is
	About    FileAbout `db:"about" json:"about,omitzero"`
	AboutID  string    `db:"about_id" json:"about_id,omitzero"`
	Kind     FileKind  `db:"kind" json:"kind,omitzero"`
	Name     string    `db:"name" json:"name,omitzero"`
	Size     int       `db:"size" json:"size,omitzero"`
	Content  []byte    `db:"content" json:"content,omitempty"`
	By       string    `db:"added_by" json:"by,omitzero"`
	AddedAt  Stamp     `db:"added_at" json:"added_at,omitzero"`
}

// The limits of what can be attached, in bytes but for files and pixels.
const (
	MaxFile         = 5 << 20
	MaxFilesOfOne   = 20 // of one thing
	MaxFilesMember  = 100 << 20
	MaxFilesAll     = 4 << 30
	maxPixels       = 100_000_000
	endOfPDF        = 1024 // within so many last bytes
	pngHeader       = "\x89PNG\r\n\x1a\n"
	jpegStart       = 0xd8
	jpegEnd         = 0xd9
	jpegScan        = 0xda
	jpegFirstFrame  = 0xc0
	jpegLastFrame   = 0xcf
	jpegFirstRepeat = 0xd0
	jpegLastRepeat  = 0xd7
)

// ReadFile tells what a file is by its content and returns what is kept of it, or says
// that it is none of what can be attached: team.Invalid for the field "file". It looks
// at the structure up to the end. What phones write behind a photograph is cut off, so
// that nothing hides there.
func ReadFile(content []byte) (FileKind, []byte, error) {
	switch n := jpegLength(content); {
	case len(content) == 0:
		return "", nil, Invalid{{Field: "file", Rule: Required}}
	case len(content) > MaxFile:
		return "", nil, Invalid{{Field: "file", Rule: TooLarge, Limit: MaxFile >> 20}}
	case isPDF(content):
		return FilePDF, content, nil
	case isPNG(content):
		return FilePNG, content, nil
	case n > 0:
		return FileJPEG, content[:n], nil
	}
	return "", nil, Invalid{{Field: "file", Rule: Unknown}}
}

// isPDF asks for the header at the very first byte, a cross-reference and the mark of
// the end, after which there is white space alone.
func isPDF(b []byte) bool {
	if !bytes.HasPrefix(b, []byte("%PDF-1.")) && !bytes.HasPrefix(b, []byte("%PDF-2.")) {
		return false
	}
	tail := b[max(0, len(b)-endOfPDF):]
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	return end >= 0 && bytes.Contains(tail[:end], []byte("startxref")) && len(bytes.Trim(tail[end+len("%%EOF"):], "\r\n\t \x00")) == 0
}

// isPNG goes through the chunks, whose sums have to be right, from the header to the
// end, which is the end of the file.
func isPNG(b []byte) bool {
	b, found := bytes.CutPrefix(b, []byte(pngHeader))
	if !found {
		return false
	}
	for first := true; ; first = false {
		if len(b) < 12 {
			return false
		}
		n := int64(binary.BigEndian.Uint32(b))
		if n > int64(len(b)-12) {
			return false
		}
		kind, data, sum := string(b[4:8]), b[8:8+n], binary.BigEndian.Uint32(b[8+n:])
		if crc32.ChecksumIEEE(b[4:8+n]) != sum || first != (kind == "IHDR") {
			return false
		}
		if first && (n != 13 || !fitsPixels(binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:]))) {
			return false
		}
		if b = b[12+n:]; kind == "IEND" {
			return len(b) == 0
		}
	}
}

func fitsPixels(width, height uint32) bool {
	return width > 0 && height > 0 && uint64(width)*uint64(height) <= maxPixels
}

// jpegLength goes through the segments, from the start to the mark of the end, and
// returns how long the picture is; 0 where it is none. Somewhere a frame says how many
// pixels it has.
func jpegLength(whole []byte) int {
	if len(whole) < 4 || whole[0] != 0xff || whole[1] != jpegStart {
		return 0
	}
	b, framed := whole[2:], false
	for {
		for len(b) > 1 && b[0] == 0xff && b[1] == 0xff {
			b = b[1:] // fill bytes
		}
		if len(b) < 2 || b[0] != 0xff {
			return 0
		}
		mark := b[1]
		if mark == jpegEnd && framed {
			return len(whole) - len(b) + 2
		}
		n, fits := segment(b)
		if !fits {
			return 0
		}
		framed = framed || isFrame(mark)
		if b = b[n:]; mark == jpegScan {
			b = afterScan(b)
		}
	}
}

// segment returns how long the segment at the beginning is, and whether it can stand in
// a picture that we take.
func segment(b []byte) (n int, fits bool) {
	if len(b) < 4 {
		return 0, false
	}
	n = 2 + int(binary.BigEndian.Uint16(b[2:]))
	if n < 4 || len(b) < n {
		return 0, false
	}
	if !isFrame(b[1]) {
		return n, true
	}
	return n, n >= 10 && fitsPixels(uint32(binary.BigEndian.Uint16(b[7:])), max(1, uint32(binary.BigEndian.Uint16(b[5:]))))
}

// isFrame tells whether a mark begins a frame: C0 to CF but for tables and the like.
func isFrame(mark byte) bool {
	return mark >= jpegFirstFrame && mark <= jpegLastFrame && !slices.Contains([]byte{0xc4, 0xc8, 0xcc}, mark)
}

// afterScan skips the packed picture: up to a mark that is neither a stuffed byte nor a
// restart.
func afterScan(b []byte) []byte {
	for i := 0; i+1 < len(b); i++ {
		if b[i] == 0xff && b[i+1] != 0 && b[i+1] != 0xff && (b[i+1] < jpegFirstRepeat || b[i+1] > jpegLastRepeat) {
			return b[i:]
		}
	}
	return nil
}

// CanReadFile tells whether a person may read evidence about somebody: that person and
// leads.
func CanReadFile(by Member, memberID string) bool { return CanSeeFigures(by, memberID) }

// CanAddFile tells whether a person may attach evidence about somebody, and take it off.
func CanAddFile(by Member, memberID string) bool {
	return CanManage(by) || (CanWrite(by) && by.ID == memberID)
}
