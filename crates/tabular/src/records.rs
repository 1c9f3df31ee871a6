//! Text cut into records and cells (RFC 4180, read leniently) by the `csv` crate, one record in
//! memory at a time.

use csv::StringRecord;

/// Why a record cannot be read.
#[derive(Debug)]
pub(crate) enum Broken {
    /// A quotation mark that nothing closes: the rest of the file went into its cell.
    Unclosed {
        /// The line that its record begins on, from 1.
        line: u64,
    },
    /// The reader's own error.
    Malformed {
        /// The line, from 1, where it is known.
        line: Option<u64>,
        /// What it says.
        error: csv::Error,
    },
}

/// The records of a text, one at a time.
#[derive(Debug)]
pub(crate) struct Records<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    lines_before: u64,
    record: StringRecord,
}

impl<'t> Records<'t> {
    /// The records of `text`, in front of which so many lines stood.
    pub(crate) fn new(text: &'t str, separator: u8, lines_before: u64) -> Self {
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        Self {
            text,
            reader,
            lines_before,
            record: StringRecord::new(),
        }
    }

    /// Goes to the next record; `false` at the end of the text.
    pub(crate) fn advance(&mut self) -> Result<bool, Broken> {
        let last_line = self.line();
        let last_start = self.record.position().map(csv::Position::byte);
        let spans_lines = self
            .record
            .iter()
            .next_back()
            .is_some_and(|cell| cell.contains('\n'));
        let more = self.reader.read_record(&mut self.record);
        match more {
            Ok(false) if spans_lines && self.has_odd_marks(last_start) => {
                Err(Broken::Unclosed { line: last_line })
            }
            Ok(more) => Ok(more),
            Err(error) => Err(Broken::Malformed {
                line: error
                    .position()
                    .map(|position| position.line() + self.lines_before),
                error,
            }),
        }
    }

    /// Whether what stands from a byte on has an odd number of quotation marks.
    fn has_odd_marks(&self, start: Option<u64>) -> bool {
        let start = start.and_then(|start| usize::try_from(start).ok());
        let rest = self.text.as_bytes().get(start.unwrap_or(0)..);
        rest.is_some_and(|rest| memchr::memchr_iter(b'"', rest).count() % 2 == 1)
    }

    /// The line that the current record begins on, from 1.
    pub(crate) fn line(&self) -> u64 {
        let position = self.record.position();
        position.map_or(0, csv::Position::line) + self.lines_before
    }

    /// The cells of the current record.
    pub(crate) fn cells(&self) -> &StringRecord {
        &self.record
    }

    /// The most records that the whole text holds.
    pub(crate) fn most(&self) -> usize {
        let ends = memchr::memchr2_iter(b'\n', b'\r', self.text.as_bytes());
        1 + ends.count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells_of(text: &str) -> Vec<Vec<String>> {
        let mut records = Records::new(text, b',', 0);
        let mut all = Vec::new();
        while records.advance().unwrap() {
            all.push(records.cells().iter().map(str::to_owned).collect());
        }
        all
    }

    #[test]
    fn quoted_cells_may_hold_separators_line_ends_and_quotation_marks() {
        let text = "a,\"b, \"\"c\"\"\nd\",e\r\nf,g,h\n";
        assert_eq!(cells_of(text), [["a", "b, \"c\"\nd", "e"], ["f", "g", "h"]]);
    }

    #[test]
    fn a_separator_at_the_end_leaves_an_empty_cell() {
        assert_eq!(cells_of("a,b,\nc,,"), [["a", "b", ""], ["c", "", ""]]);
    }

    #[test]
    fn an_unclosed_quotation_mark_is_an_error_on_its_line() {
        let mut records = Records::new("a,b\nc,\"d\ne,f\n", b',', 1);
        assert!(records.advance().unwrap() && records.advance().unwrap());
        assert!(matches!(
            records.advance(),
            Err(Broken::Unclosed { line: 3 })
        ));
    }

    #[test]
    fn an_inch_is_no_unclosed_quotation_mark() {
        assert_eq!(cells_of("a,5\" pipe\nb,\"c\nd\"\n").len(), 2);
    }
}
