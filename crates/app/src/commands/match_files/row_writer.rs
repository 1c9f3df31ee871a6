//! One row of a CSV file, appended to a buffer.
//!
//! A mapping of a million rows holds half a gigabyte of evidence. Written here straight into the
//! quoted cell, it takes a third of the time of a general JSON writer with quotation behind it.

/// A row of which nothing is written yet, at the end of a buffer.
#[derive(Debug)]
pub(super) struct RowWriter<'b> {
    buffer: &'b mut Vec<u8>,
    is_first: bool,
}

impl<'b> RowWriter<'b> {
    /// Begins a row.
    pub(super) fn new(buffer: &'b mut Vec<u8>) -> Self {
        Self {
            buffer,
            is_first: true,
        }
    }

    /// Adds a cell, in quotation marks where it needs them.
    pub(super) fn text(&mut self, cell: &str) -> &mut Self {
        self.separate();
        let bytes = cell.as_bytes();
        let is_special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
        if !any(bytes, is_special) {
            self.buffer.extend_from_slice(bytes);
            return self;
        }
        self.buffer.push(b'"');
        for byte in bytes {
            self.buffer.push(*byte);
            if *byte == b'"' {
                self.buffer.push(b'"');
            }
        }
        self.buffer.push(b'"');
        self
    }

    /// Adds a probability (0–1) with four decimals.
    pub(super) fn probability(&mut self, probability: f64) -> &mut Self {
        self.separate();
        let digits = scaled(probability, 4).unsigned_abs();
        push_digits(self.buffer, digits / 10_000, 1);
        self.buffer.push(b'.');
        push_digits(self.buffer, digits % 10_000, 4);
        self
    }

    /// Adds a cell of compact JSON.
    pub(super) fn json(&mut self, write: impl FnOnce(&mut Json<'_>)) -> &mut Self {
        self.separate();
        self.buffer.push(b'"');
        write(&mut Json(self.buffer));
        self.buffer.push(b'"');
        self
    }

    /// Ends the row.
    pub(super) fn end(&mut self) {
        self.buffer.push(b'\n');
    }

    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.buffer.push(b',');
        }
    }
}

/// JSON inside a quoted cell: every quotation mark stands twice.
#[derive(Debug)]
pub(super) struct Json<'b>(&'b mut Vec<u8>);

impl Json<'_> {
    /// Brackets, commas and colons.
    pub(super) fn punctuation(&mut self, marks: &str) -> &mut Self {
        self.0.extend_from_slice(marks.as_bytes());
        self
    }

    /// The key of a member that stands first (`{`) or behind another (`,`).
    pub(super) fn key(&mut self, before: char, key: &str) -> &mut Self {
        let mut mark = [0; 4];
        self.punctuation(before.encode_utf8(&mut mark));
        self.string(key).punctuation(":")
    }

    /// A text.
    pub(super) fn string(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(b"\"\"");
        let needs_escape = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
        if any(text.as_bytes(), needs_escape) {
            for character in text.chars() {
                self.character(character);
            }
        } else {
            self.0.extend_from_slice(text.as_bytes());
        }
        self.0.extend_from_slice(b"\"\"");
        self
    }

    fn character(&mut self, character: char) {
        let mut own = [0; 4];
        let escaped = match character {
            '"' => "\\\"\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            other if other < ' ' => {
                let code = format!("\\u{:04x}", u32::from(other));
                self.0.extend_from_slice(code.as_bytes());
                return;
            }
            other => other.encode_utf8(&mut own),
        };
        self.0.extend_from_slice(escaped.as_bytes());
    }

    /// A number rounded to so many decimals, without zeros at its end but the one behind the point.
    pub(super) fn number(&mut self, number: f64, decimals: u32) -> &mut Self {
        let scaled = scaled(number, decimals);
        if scaled < 0 {
            self.0.push(b'-');
        }
        let (scaled, mut unit) = (scaled.unsigned_abs(), 10_u64.pow(decimals));
        push_digits(self.0, scaled / unit, 1);
        self.0.push(b'.');
        let (mut fraction, mut width) = (scaled % unit, decimals as usize);
        while unit > 10 && fraction.is_multiple_of(10) {
            (fraction, unit, width) = (fraction / 10, unit / 10, width - 1);
        }
        push_digits(self.0, fraction, width);
        self
    }
}

/// Whether any byte is such a one. Looks at all of them, which compiles to a few wide instructions
/// where stopping early would not.
fn any(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> bool {
    bytes
        .iter()
        .fold(false, |found, byte| found | is_such(*byte))
}

fn scaled(number: f64, decimals: u32) -> i64 {
    let unit = f64::from(10_u32.pow(decimals));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bits and probabilities are small; a cast saturates"
    )]
    let scaled = (number * unit).round() as i64;
    scaled
}

/// Appends a number with at least `width` digits.
fn push_digits(buffer: &mut Vec<u8>, number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let (mut rest, mut start) = (number, digits.len());
    while rest > 0 || digits.len() - start < width {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    buffer.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_back_as_it_was_written() {
        let said = "say \"hi\"\\\n\u{1} é";
        let mut buffer = Vec::new();
        RowWriter::new(&mut buffer)
            .text("0,5 \"x\"\n")
            .text("plain")
            .text("")
            .probability(0.99996)
            .probability(0.0123)
            .json(|json| {
                json.key('{', "words").string(said).punctuation("}");
            })
            .end();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(buffer.as_slice());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!((&row[0], &row[1], &row[2]), ("0,5 \"x\"\n", "plain", ""));
        assert_eq!((&row[3], &row[4]), ("1.0000", "0.0123"));
        let value: serde_json::Value = serde_json::from_str(&row[5]).unwrap();
        assert_eq!(value, serde_json::json!({ "words": said }));
    }

    #[test]
    fn numbers_are_those_of_a_general_writer() {
        for number in [
            0.0, 0.05, -0.05, 9.1, 9.13, -20.01, 12.0, -3.0, 100.5, 1234.56,
        ] {
            let mut buffer = Vec::new();
            Json(&mut buffer).number(number, 2);
            let usual = serde_json::to_string(&number).unwrap();
            assert_eq!(String::from_utf8(buffer).unwrap(), usual);
        }
        let mut buffer = Vec::new();
        Json(&mut buffer).number(0.000_149, 4);
        assert_eq!(buffer, b"0.0001");
    }
}
