//! A table read row by row, lending its cells.

use std::collections::HashMap;

use counterpart_model::Code;

use crate::TableError;
use crate::records::{Broken, Records};
use crate::text::{delimiter_of, without_separator_line};

/// Reads a table row by row without keeping any: for files of a million rows.
///
/// ```
/// use counterpart_tabular::SheetReader;
///
/// let mut reader = SheetReader::new("id;name\n1;Ann\n2;Bob\n")?;
/// assert_eq!(reader.headers(), ["id", "name"]);
/// let mut names = String::new();
/// while let Some(row) = reader.next_row()? {
///     names.push_str(row.cell(1));
/// }
/// assert_eq!(names, "AnnBob");
/// # Ok::<(), counterpart_tabular::TableError>(())
/// ```
#[derive(Debug)]
pub struct SheetReader<'t> {
    records: Records<'t>,
    headers: Vec<String>,
    has_rows: bool,
}

impl<'t> SheetReader<'t> {
    /// Reads the header of a file's [decoded](crate::decode) text. The separator is the one that a
    /// `sep=` line names, else the one that the header has most of.
    ///
    /// Errs when the text is empty or its first line does not name the columns, each by another
    /// name.
    pub fn new(text: &'t str) -> Result<Self, TableError> {
        let (text, lines_before, declared) = without_separator_line(text)?;
        if text.trim_start().is_empty() {
            return Err(TableError::new(
                Code::FileEmpty,
                None,
                "the file is empty",
                "export it again with a header line and at least one row",
            ));
        }
        let separator = declared.unwrap_or_else(|| delimiter_of(text));
        let mut records = Records::new(text, separator, lines_before);
        let mut headers: Vec<String> = Vec::new();
        // Empty lines may stand before the header.
        while headers.iter().all(String::is_empty) && headers.len() < 2 {
            if !records.advance().map_err(broken)? {
                break;
            }
            headers.clear();
            headers.extend(records.cells().iter().map(|cell| cell.trim().to_owned()));
        }
        check_headers(&headers, records.line())?;
        Ok(Self {
            records,
            headers,
            has_rows: false,
        })
    }

    /// The names of the columns, trimmed, all different.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The most rows that there may be: the lines of the text.
    pub fn most_rows(&self) -> usize {
        self.records.most()
    }

    /// The next row that is not empty; `None` at the end.
    ///
    /// Errs on a row that has more or fewer cells than the header, on a quotation mark that nothing
    /// closes, and at the end when there was no row.
    pub fn next_row(&mut self) -> Result<Option<RowView<'_>>, TableError> {
        loop {
            if !self.records.advance().map_err(broken)? {
                return if self.has_rows {
                    Ok(None)
                } else {
                    Err(no_row())
                };
            }
            if self
                .records
                .cells()
                .iter()
                .any(|cell| !cell.trim().is_empty())
            {
                break;
            }
        }
        self.has_rows = true;
        let line = self.records.line();
        let cells = self.records.cells();
        if cells.len() != self.headers.len() {
            return Err(ragged(line, cells.len(), self.headers.len()));
        }
        Ok(Some(RowView { line, cells }))
    }
}

/// One row, lent by its [`SheetReader`] until the next.
#[derive(Debug, Clone, Copy)]
pub struct RowView<'r> {
    line: u64,
    cells: &'r csv::StringRecord,
}

impl<'r> RowView<'r> {
    /// The line that the row begins on, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The cell of a column, trimmed.
    ///
    /// # Panics
    /// When there is no such column: a row has a cell for each of the headers.
    #[inline]
    pub fn cell(&self, column: usize) -> &'r str {
        self.cells[column].trim()
    }

    /// All cells, trimmed, in the order of the headers.
    pub fn cells(&self) -> impl Iterator<Item = &'r str> {
        self.cells.iter().map(str::trim)
    }
}

fn broken(broken: Broken) -> TableError {
    match broken {
        Broken::Unclosed { line } => TableError::new(
            Code::FileRagged,
            Some(line),
            "a quotation mark is opened and never closed",
            "close it, or write it twice inside quotation marks where it belongs to the value",
        ),
        Broken::Malformed { line, error } => TableError::new(
            Code::FileRagged,
            line,
            format!("not readable as CSV ({error})"),
            "check the quotation marks of that line",
        ),
    }
}

fn ragged(line: u64, cells: usize, headers: usize) -> TableError {
    TableError::new(
        Code::FileRagged,
        Some(line),
        format!("the row has {cells} fields, the header {headers}"),
        "put quotation marks around values that contain the separator, and check for an unclosed one",
    )
}

fn no_row() -> TableError {
    TableError::new(
        Code::FileEmpty,
        None,
        "there is a header but no row below it",
        "export the file again",
    )
}

pub(crate) fn check_headers(headers: &[String], line: u64) -> Result<(), TableError> {
    let missing = |reason: String| {
        TableError::new(
            Code::FileHeader,
            Some(line),
            reason,
            "the first line must name the columns, for example id,name,email",
        )
    };
    if let Some(cell) = headers.iter().find(|cell| looks_like_data(cell)) {
        return Err(missing(format!(
            "the header is missing: '{cell}' looks like data"
        )));
    }
    let mut seen = HashMap::new();
    for (place, header) in headers.iter().enumerate() {
        if header.is_empty() && headers.len() > 1 {
            return Err(missing(format!("column {} has no name", place + 1)));
        }
        if let Some(first) = seen.insert(header, place) {
            return Err(missing(format!(
                "columns {} and {} are both called '{header}'",
                first + 1,
                place + 1
            )));
        }
    }
    Ok(())
}

fn looks_like_data(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let rest = cell.len() - digits;
    (cell.contains('@') && cell.contains('.')) || (digits > 0 && digits >= 2 * rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_lent_one_after_the_other_with_their_lines() {
        let mut reader = SheetReader::new("id,name\n1,Ann\n\n , \n2,\"Bob\nLee\"\n3,Cy").unwrap();
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            rows.push((row.line(), row.cells().collect::<Vec<_>>().join("|")));
        }
        let expected = [(2, "1|Ann"), (5, "2|Bob\nLee"), (7, "3|Cy")];
        assert_eq!(rows, expected.map(|(line, text)| (line, text.to_owned())));
        assert!(reader.next_row().unwrap().is_none(), "it stays at the end");
    }

    #[test]
    fn lines_bound_the_rows() {
        let reader = SheetReader::new("id\na\nb\n").unwrap();
        assert!(reader.most_rows() >= 2);
    }

    #[test]
    fn empty_lines_may_stand_before_the_header() {
        let mut reader = SheetReader::new("\n  \nid,name\n1,Ann\n").unwrap();
        assert_eq!(reader.headers(), ["id", "name"]);
        assert_eq!(reader.next_row().unwrap().unwrap().line(), 4);
    }
}
