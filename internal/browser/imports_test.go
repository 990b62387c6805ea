package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// A lead brings a file in, sees what it would do and how far it is, and takes it back.
func TestAFileIsCheckedBroughtInAndTakenBack(t *testing.T) {
	for _, one := range []struct {
		size     size
		language string
		light    string
	}{{laptop, "ja", "dark"}, {phone, "en", "light"}} {
		t.Run(fmt.Sprintf("%s at %d pixels", one.language, one.size.width), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "faq.csv")
			content := "質問,回答,分類\n" + one.language + "の新しい質問,答えます。,新しい話題\n答えのない質問,,\n" + one.language + "の 新しい質問,別の答え,\n"
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			b := signedIn(t, one.size, one.language, "佐藤")
			b.emulate(one.light)
			look := func(name string) {
				b.accessible(name)
				b.fits(name)
				b.bigEnough(name)
			}
			b.visit("/imports")
			b.do(chromedp.SetUploadFiles("#files", []string{file}))
			b.click(".upload .button.primary")
			b.until("document.querySelector('.columns-table')")
			look("the preview")
			if b.text(".filter-chips .chip.chosen .number") != "3" || !b.holds("document.querySelectorAll('tr.fate-new').length === 1 && document.querySelectorAll('tr.fate-problem, tr.fate-duplicate').length === 2") {
				t.Errorf("the rows are %s", b.text("#rows"))
			}
			b.click(".run-bar .button.primary")
			b.until("document.querySelector('.tally')")
			look("the result")
			b.click(`form[action$="/undo"] .button`)
			b.until("document.querySelector('.undone-line')")
			look("what was undone")
			b.visit("/imports")
			b.until("document.querySelector('.badge-import_state-undone')")
			look("the list of imports")
		})
	}
}
