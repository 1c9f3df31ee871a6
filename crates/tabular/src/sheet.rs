//! A file as a table of text.

use crate::{SheetReader, TableError, decode, workbook};

/// A file as text: header and rows, all of the same length.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The names of the columns, trimmed, all different.
    pub headers: Vec<String>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Row>,
}

/// One row and the line it starts on, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The line it starts on, from 1.
    pub line: u64,
    /// The cells, trimmed.
    pub cells: Vec<String>,
}

impl Sheet {
    /// Reads a file's bytes as [`SheetReader`] does, or the first sheet of a workbook (`.xlsx`),
    /// and keeps all of it: for files that fit in memory several times.
    pub fn parse(bytes: &[u8]) -> Result<Self, TableError> {
        if workbook::is_workbook(bytes) {
            return workbook::parse(bytes);
        }
        let text = decode(bytes)?;
        let mut reader = SheetReader::new(&text)?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row()? {
            rows.push(Row {
                line: row.line(),
                cells: row.cells().map(str::to_owned).collect(),
            });
        }
        Ok(Self {
            headers: reader.headers().to_vec(),
            rows,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> String {
        Sheet::parse(bytes).unwrap_err().to_string()
    }

    #[test]
    fn separators_and_marks_are_detected() {
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(
                "id\tname\n1\tJürgen\n"
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes),
            )
            .collect();
        let files: [&[u8]; 5] = [
            "id,name\n1,Jürgen\n".as_bytes(),
            "\u{feff}id;name\r\n1;Jürgen\r\n".as_bytes(),
            "id\tname\n1\tJürgen".as_bytes(),
            "sep=;\nid;name\n1;Jürgen\n".as_bytes(),
            &utf16,
        ];
        for file in files {
            let sheet = Sheet::parse(file).unwrap();
            assert_eq!(sheet.headers, ["id", "name"]);
            assert_eq!(&sheet.rows[0].cells[1], "Jürgen");
        }
    }

    #[test]
    fn wrong_encodings_are_refused_with_the_line() {
        let text = error(b"id,name\n1,Ann\n2,J\xFCrgen\n");
        assert!(
            text.contains("line 3") && text.contains("CSV UTF-8"),
            "{text}"
        );
        assert!(error(b"i\0d\0").contains("UTF-16"));
    }

    #[test]
    fn ragged_rows_name_their_line_even_after_a_quoted_line_break() {
        let text = error(b"id,name\n1,\"Ann\nLee\"\n2,Bob,x\n");
        assert!(
            text.contains("line 4") && text.contains("3 fields"),
            "{text}"
        );
    }

    #[test]
    fn empty_files_and_missing_headers_are_refused() {
        assert!(error(b"").contains("empty"));
        assert!(error(b"\n \n").contains("empty"));
        assert!(error(b"id,name\n").contains("no row"));
        assert!(error(b"1,ann@example.com\n2,bob@example.com\n").contains("looks like data"));
        assert!(error(b"id,name,name\n1,a,b\n").contains("both called 'name'"));
    }
}
