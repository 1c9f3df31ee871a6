//! The rows of one file, kept as the bytes they will be.

use std::io::{self, Write};

use super::random::Random;

#[derive(Debug)]
pub(super) struct Table {
    header: &'static [&'static str],
    bytes: Vec<u8>,
    /// Where each row begins.
    starts: Vec<usize>,
}

impl Table {
    pub(super) fn new(header: &'static [&'static str]) -> Self {
        Self {
            header,
            bytes: Vec::new(),
            starts: Vec::new(),
        }
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Adds a row with a field for every column of the header.
    pub(super) fn push(&mut self, fields: &[&str]) {
        debug_assert_eq!(fields.len(), self.header.len(), "a field for every column");
        self.starts.push(self.bytes.len());
        append_row(&mut self.bytes, fields);
    }

    /// Puts the rows into a random order, so that a row's place says nothing.
    pub(super) fn shuffle(&mut self, random: &mut Random) {
        let mut rows: Vec<std::ops::Range<usize>> = (0..self.len())
            .map(|row| {
                let end = self.starts.get(row + 1).copied();
                self.starts[row]..end.unwrap_or(self.bytes.len())
            })
            .collect();
        random.shuffle(&mut rows);
        let mut bytes = Vec::with_capacity(self.bytes.len());
        self.starts.clear();
        for row in rows {
            self.starts.push(bytes.len());
            bytes.extend_from_slice(&self.bytes[row]);
        }
        self.bytes = bytes;
    }

    pub(super) fn write(&self, output: &mut impl Write) -> io::Result<()> {
        let mut header = Vec::new();
        append_row(&mut header, self.header);
        output.write_all(&header)?;
        output.write_all(&self.bytes)
    }

    /// The whole file.
    #[cfg(test)]
    pub(super) fn to_text(&self) -> String {
        let mut bytes = Vec::new();
        self.write(&mut bytes).expect("memory takes everything");
        String::from_utf8(bytes).expect("rows are made of text")
    }
}

/// One line of CSV (RFC 4180, with a line feed alone).
fn append_row(bytes: &mut Vec<u8>, fields: &[&str]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            bytes.push(b',');
        }
        if field.contains(['"', ',', '\n', '\r']) {
            bytes.push(b'"');
            bytes.extend_from_slice(field.replace('"', "\"\"").as_bytes());
            bytes.push(b'"');
        } else {
            bytes.extend_from_slice(field.as_bytes());
        }
    }
    bytes.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::bench::directory::random::Random;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut table = Table::new(&["a", "b"]);
        table.push(&["Doe, \"Jo\"", "x"]);
        assert_eq!(table.to_text(), "a,b\n\"Doe, \"\"Jo\"\"\",x\n");
    }

    #[test]
    fn shuffling_keeps_every_row_and_the_header_first() {
        let numbers: Vec<String> = (0..50).map(|number| number.to_string()).collect();
        let mut table = Table::new(&["n"]);
        for number in &numbers {
            table.push(&[number]);
        }
        table.shuffle(&mut Random::new(1));
        let text = table.to_text();
        let mut rows: Vec<&str> = text.lines().skip(1).collect();
        assert_ne!(rows, numbers);
        rows.sort_by_key(|row| row.parse::<u32>().expect("is a number"));
        assert_eq!(rows, numbers);
    }
}
