//! Text cut into records and cells (RFC 4180, read leniently).
//!
//! A million rows must not cost a million allocations, so cells are lent: as they stand in the text
//! where nothing is quoted, else from one buffer that every record overwrites.

/// A quotation mark that nothing closes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unclosed {
    /// The line of the record that it begins in, from 1.
    pub(crate) line: u64,
}

/// Where a cell stands: from and to, in bytes.
type Bounds = (usize, usize);

/// The records of a text, one at a time.
#[derive(Debug)]
pub(crate) struct Records<'t> {
    text: &'t str,
    separator: u8,
    /// Where the next record begins.
    at: usize,
    /// The line that [`at`](Self::at) is on, from 1.
    next_line: u64,
    /// The line that the current record begins on.
    line: u64,
    /// Separators, line feeds and quotation marks from `marks_from` on.
    marks: memchr::Memchr3<'t>,
    marks_from: usize,
    /// Some lines end in a carriage return alone, which `marks` does not see.
    lone_returns: bool,
    cells: Vec<Bounds>,
    /// The current record without its quotation marks, when it has any.
    rewritten: String,
    is_rewritten: bool,
}

impl<'t> Records<'t> {
    /// The records of `text`, whose first line has the number `first_line`. The separator is an
    /// ASCII character other than the quotation mark and line ends.
    pub(crate) fn new(text: &'t str, separator: u8, first_line: u64) -> Self {
        let bytes = text.as_bytes();
        Self {
            text,
            separator,
            at: 0,
            next_line: first_line,
            line: first_line,
            marks: memchr::memchr3_iter(separator, b'\n', b'"', bytes),
            marks_from: 0,
            lone_returns: memchr::memchr_iter(b'\r', bytes)
                .any(|at| bytes.get(at + 1) != Some(&b'\n')),
            cells: Vec::new(),
            rewritten: String::new(),
            is_rewritten: false,
        }
    }

    /// Goes to the next record; `false` at the end of the text.
    pub(crate) fn advance(&mut self) -> Result<bool, Unclosed> {
        self.cells.clear();
        self.is_rewritten = false;
        self.line = self.next_line;
        if self.at >= self.text.len() {
            return Ok(false);
        }
        if self.lone_returns || !self.cut_plain() {
            self.cells.clear();
            self.cut_quoted()?;
        }
        Ok(true)
    }

    /// The line that the current record begins on, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The cells of the current record: the text they stand in, and where.
    pub(crate) fn cells(&self) -> (&str, &[Bounds]) {
        let source = if self.is_rewritten {
            self.rewritten.as_str()
        } else {
            self.text
        };
        (source, &self.cells)
    }

    /// The most records that the text behind the current one holds.
    pub(crate) fn most_left(&self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let returns = if self.lone_returns {
            memchr::memchr_iter(b'\r', rest).count()
        } else {
            0
        };
        1 + returns + memchr::memchr_iter(b'\n', rest).count()
    }

    /// Cuts a record without quotation marks; `false` when it has one.
    fn cut_plain(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        loop {
            let mark = self.marks.next().map(|at| at + self.marks_from);
            let end = mark.unwrap_or(bytes.len());
            let found = mark.map_or(b'\n', |at| bytes[at]);
            if found == b'"' {
                return false;
            }
            self.cells.push(trimmed(self.text, start, end));
            start = end + 1;
            if found == b'\n' {
                break;
            }
        }
        self.at = start;
        self.next_line += 1;
        true
    }

    /// Cuts any record. A quotation mark counts where a cell begins; two inside a quoted cell are
    /// one; what follows the closing one is taken as it stands.
    fn cut_quoted(&mut self) -> Result<(), Unclosed> {
        let (text, bytes) = (self.text, self.text.as_bytes());
        self.rewritten.clear();
        self.is_rewritten = true;
        let mut at = self.at;
        loop {
            let start = self.rewritten.len();
            if bytes.get(at) == Some(&b'"') {
                at = self.unquote(at + 1)?;
            }
            let end = memchr::memchr3(self.separator, b'\n', b'\r', &bytes[at..])
                .map_or(bytes.len(), |offset| at + offset);
            self.rewritten.push_str(&text[at..end]);
            self.cells
                .push(trimmed(&self.rewritten, start, self.rewritten.len()));
            at = end + 1;
            match bytes.get(end) {
                Some(b'\r') if bytes.get(at) == Some(&b'\n') => {
                    at += 1;
                    break;
                }
                Some(b'\r' | b'\n') | None => break,
                Some(_) => {}
            }
        }
        let at = at.min(bytes.len());
        self.next_line += line_ends(&bytes[self.at..at]);
        self.at = at;
        self.marks = memchr::memchr3_iter(self.separator, b'\n', b'"', &bytes[at..]);
        self.marks_from = at;
        Ok(())
    }

    /// Copies a quoted cell from behind its opening mark; where it goes on behind the closing one.
    fn unquote(&mut self, mut at: usize) -> Result<usize, Unclosed> {
        let bytes = self.text.as_bytes();
        loop {
            let Some(offset) = memchr::memchr(b'"', &bytes[at..]) else {
                return Err(Unclosed { line: self.line });
            };
            self.rewritten.push_str(&self.text[at..at + offset]);
            at += offset + 1;
            if bytes.get(at) != Some(&b'"') {
                return Ok(at);
            }
            self.rewritten.push('"');
            at += 1;
        }
    }
}

/// The bounds without white space at either end.
fn trimmed(text: &str, start: usize, end: usize) -> Bounds {
    let bytes = text.as_bytes();
    // Nearly every cell begins and ends with a letter or digit.
    if start < end && bytes[start].is_ascii_graphic() && bytes[end - 1].is_ascii_graphic() {
        return (start, end);
    }
    let cell = &text[start..end];
    let start = end - cell.trim_start().len();
    (start, start + cell.trim().len())
}

/// Line feeds, and carriage returns that no line feed follows.
fn line_ends(bytes: &[u8]) -> u64 {
    memchr::memchr2_iter(b'\n', b'\r', bytes)
        .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
        .count() as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn records(text: &str, separator: u8) -> Result<Vec<(u64, Vec<String>)>, Unclosed> {
        let mut records = Records::new(text, separator, 1);
        let mut all = Vec::new();
        while records.advance()? {
            let (source, cells) = records.cells();
            let cells = cells.iter().map(|(start, end)| source[*start..*end].into());
            all.push((records.line(), cells.collect()));
        }
        Ok(all)
    }

    fn cells_of(text: &str) -> Vec<Vec<String>> {
        let all = records(text, b',').unwrap();
        all.into_iter().map(|(_, cells)| cells).collect()
    }

    #[test]
    fn quoted_cells_may_hold_separators_line_ends_and_quotation_marks() {
        let text = "a,\"b, \"\"c\"\"\nd\",e\r\nf, g ,\u{a0}h\n";
        assert_eq!(cells_of(text), [["a", "b, \"c\"\nd", "e"], ["f", "g", "h"]]);
    }

    #[test]
    fn a_quotation_mark_inside_a_cell_is_a_character() {
        assert_eq!(
            cells_of("5\" disk,\"a\"b\nc,d"),
            [["5\" disk", "ab"], ["c", "d"]]
        );
    }

    #[test]
    fn lines_are_counted_through_every_kind_of_line_end() {
        let all = records("a\r\"b\nc\"\r\nd\re\n", b',').unwrap();
        let lines: Vec<u64> = all.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 4, 5]);
    }

    #[test]
    fn an_unclosed_quotation_mark_is_an_error_on_its_line() {
        assert_eq!(
            records("a,b\nc,\"d\ne,f\n", b','),
            Err(Unclosed { line: 2 })
        );
    }

    #[test]
    fn a_separator_at_the_end_leaves_an_empty_cell() {
        assert_eq!(cells_of("a,b,\nc,,"), [["a", "b", ""], ["c", "", ""]]);
    }

    proptest! {
        /// The reader that everybody uses is the judge; it skips empty lines and takes an unclosed
        /// cell to the end of the file.
        #[test]
        fn records_are_those_of_the_usual_reader(
            text in "[ab\u{e9} ,;\"\"\"\n\r\t]{0,40}",
            separator in prop::sample::select(vec![b',', b';', b'\t']),
        ) {
            let mut usual = csv::ReaderBuilder::new()
                .delimiter(separator)
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = usual
                .records()
                .map(|record| record.unwrap().iter().map(|cell| cell.trim().to_owned()).collect())
                .filter(|cells: &Vec<String>| cells.len() > 1 || !cells[0].is_empty())
                .collect();
            if let Ok(all) = records(&text, separator) {
                let ours: Vec<Vec<String>> = all
                    .into_iter()
                    .map(|(_, cells)| cells)
                    .filter(|cells| cells.len() > 1 || !cells[0].is_empty())
                    .collect();
                prop_assert_eq!(ours, expected);
            }
        }
    }
}
