package text

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDaysAsPeopleWriteThem(t *testing.T) {
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"令和8年4月1日": "2026-4-1", "令和 8 年 4 月 1 日": "2026-4-1", "R8.4.1": "2026-4-1", "r08/04/01": "2026-4-1", "Ｒ８．４．１": "2026-4-1", "㋿8年4月1日": "2026-4-1",
		"令和元年5月1日": "2019-5-1", "R元.5.1": "2019-5-1", "平成31年4月30日": "2019-4-30", "H31-4-30": "2019-4-30", "昭和64年1月7日": "1989-1-7", "S39.10.10": "1964-10-10", "㍻30年1月2日": "2018-1-2",
		"2026年4月1日": "2026-4-1", "２０２６年４月１日（水）": "2026-4-1", "2026年04月01日 水曜日": "2026-4-1", "2026/4/1": "2026-4-1", "2026/04/01 09:30": "2026-4-1", "2026-04-01T09:30:00+09:00": "2026-4-1",
		"2026-04-01 09:30:12.345": "2026-4-1", "2026.4.1": "2026-4-1", "2026年4月1日(水) 午後3時": "2026-4-1", "2026年4月1日15時30分": "2026-4-1", "2026/4/1(水)10:12": "2026-4-1",
		"'26/4/1": "2026-4-1", "’26/4/1": "2026-4-1", "26/4/1": "2026-4-1", "26.04.01": "2026-4-1", "20260401": "2026-4-1", "46113": "2026-4-1", "46113.5": "2026-4-1", " 46113 ": "2026-4-1",
		"4月1日": "2026-4-1", "4/1": "2026-4-1", "1月15日": "2027-1-15", "3/31": "2027-3-31", "１１／２５（水）": "2026-11-25", "十一月二十五日": "2026-11-25", "令和八年四月十日": "2026-4-10", "二〇二六年四月一日": "2026-4-1",
		"1 April 2026": "2026-4-1", "April 1, 2026": "2026-4-1", "Apr 1st 2026": "2026-4-1", "23 Nov 2026": "2026-11-23", "1-Apr-26": "2026-4-1", "Wed, 1 Apr 2026 10:12:00 +0900": "2026-4-1",
		"Wed, 1 Apr 2026 10:12:00 +0900 (JST)": "2026-4-1", "Wednesday, April 1, 2026 9:05 AM": "2026-4-1", "Nov 23": "2026-11-23", "2024/2/29": "2024-2-29",
	} {
		if y, m, d, ok := ParseDate(in, now); fmt.Sprintf("%d-%d-%d", y, m, d) != want || !ok {
			t.Errorf("%s: got %d-%d-%d %v, want %s", in, y, m, d, ok, want)
		}
	}
	if y, m, d, _ := ParseDate("4月1日", time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)); y != 2026 || m != 4 || d != 1 {
		t.Errorf("in March, April was last year: got %d-%d-%d", y, m, d)
	}
}

func TestWhatIsNoDayIsRefused(t *testing.T) {
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for _, in := range []string{"", "2026/2/30", "2026年2月29日", "来週", "明日", "水曜日", "令和8年度", "令和8年4月", "2026年", "R0.4.1", "4月31日", "13月1日", "0/1", "20261301", "12345", "99999", "123", "4",
		"3.5", "4-1", "10:30", "11/12/26", "1/2/3", "2026/4/1/2", "2026/4/1から4/5", "内線3110", "03-1234-5678", "十十月一日", "Smarch 1", "a", strings.Repeat("1", 500)} {
		if y, m, d, ok := ParseDate(in, now); ok || y != 0 || m != 0 || d != 0 {
			t.Errorf("%q: read as %d-%d-%d", in, y, m, d)
		}
	}
}

func TestEveryDayIsReadInEveryForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(2019, 5, 1+rapid.IntRange(0, 20000).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		y, m, d := day.Year(), int(day.Month()), day.Day()
		serial := int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
		for _, in := range []string{
			fmt.Sprintf("%d年%d月%d日", y, m, d), fmt.Sprintf("令和%d年%d月%d日", y-2018, m, d), fmt.Sprintf("R%d.%02d.%02d", y-2018, m, d),
			fmt.Sprintf("'%02d/%d/%d", y%100, m, d), day.Format("20060102"), day.Format(time.RFC1123Z), day.Format("January 2, 2006"), fmt.Sprint(serial),
		} {
			gotY, gotM, gotD, ok := ParseDate(in, day)
			if gotY != y || gotM != m || gotD != d || !ok {
				t.Fatalf("%s: got %d-%d-%d %v", in, gotY, gotM, gotD, ok)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"令和元年5月1日(水) 10:12", "R8.4.1", "'26/4/1", "46113", "十一月二十五日", "Wed, 1 Apr 2026 10:12:00 +0900", "4/1"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		y, m, d, ok := ParseDate(s, now)
		if ok != exists(y, m, d) || ok && y > 9999 || !ok && (y != 0 || m != 0 || d != 0) {
			t.Fatalf("%q: %d-%d-%d %v", s, y, m, d, ok)
		}
	})
}
