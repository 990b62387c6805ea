package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// checkFiles finds changed bytes, which bleve opens without a word. It has to be
// before bleve opens: its merger starts at once, and takes the program down or
// makes the damage look sound. The lock keeps others from writing meanwhile.
func checkFiles(dir string) error {
	root := filepath.Join(dir, "store", "root.bolt")
	if _, err := os.Stat(root); err != nil {
		return err
	}
	db, err := bbolt.Open(root, 0o600, &bbolt.Options{Timeout: lockTimeout, ReadOnly: true})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return fmt.Errorf("%w: %s", ErrLocked, dir)
	}
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.View(func(t *bbolt.Tx) error { return checkRoot(t, root) }); err != nil {
		return err
	}
	segments, err := filepath.Glob(filepath.Join(dir, "store", "*.zap"))
	if err != nil {
		return err
	}
	for _, path := range segments {
		if err := checkSegment(path); err != nil {
			return err
		}
	}
	return nil
}

// checkRoot reads all of bleve's list of segments. (bbolt's own Check does so in a
// goroutine of its own, where a panic ends the program.)
func checkRoot(t *bbolt.Tx, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() < t.Size() {
		return fmt.Errorf("%s has lost its end", path)
	}
	return t.ForEach(func(_ []byte, b *bbolt.Bucket) error { return readBucket(b) })
}

func readBucket(b *bbolt.Bucket) error {
	return b.ForEach(func(k, v []byte) error {
		if v == nil && b.Bucket(k) != nil {
			return readBucket(b.Bucket(k))
		}
		return nil
	})
}

// check compares the documents with the number remembered: bleve falls back to an
// older list where the newest cannot be read.
func (s *shard) check() error {
	raw, err := s.index.GetInternal(stateKey)
	if err != nil {
		return err
	}
	if raw != nil {
		if err := s.state.unpack(raw); err != nil {
			return err
		}
	}
	if n, err := s.index.DocCount(); err != nil || n != uint64(s.state.Documents) {
		return fmt.Errorf("the search index holds %d documents, not %d (%w)", n, s.state.Documents, err)
	}
	return s.measure()
}

// checkSegment compares a segment with the checksum at its end, which bleve writes
// and never reads.
func checkSegment(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, f, info.Size()-crc32.Size); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	want := make([]byte, crc32.Size)
	if _, err := io.ReadFull(f, want); err != nil || binary.BigEndian.Uint32(want) != sum.Sum32() {
		return fmt.Errorf("%s is damaged", path)
	}
	return nil
}

// setAside keeps one damaged copy for whoever wants to know, never more.
func setAside(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	aside := dir + ".damaged"
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	return os.Rename(dir, aside)
}
