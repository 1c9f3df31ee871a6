//! CSV as people really have it: any usual separator, byte-order marks, UTF-16 from Excel; and a
//! clear word about what cannot be read.

use std::collections::HashMap;
use std::path::Path;

use super::error::MatchError;

/// A file as text: header and rows, all of the same length.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) headers: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One row and the line it starts on, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: csv::StringRecord,
}

const SAVE_AS_UTF8: &str = "save it as \"CSV UTF-8\"";

/// Reads a file. The separator is the one that the header has most of.
pub(super) fn read_sheet(path: &Path) -> Result<Sheet, MatchError> {
    let bytes = std::fs::read(path).map_err(|source| MatchError::io(path, "read", source))?;
    parse_sheet(path, &bytes)
}

pub(super) fn parse_sheet(path: &Path, bytes: &[u8]) -> Result<Sheet, MatchError> {
    let text = decode(path, bytes)?;
    let (text, first_line, declared) = without_separator_line(&text);
    if text.trim().is_empty() {
        return Err(MatchError::content(
            "match-empty-file",
            path,
            None,
            "the file is empty",
            "export it again with a header line and at least one row",
        ));
    }
    let delimiter = declared.unwrap_or_else(|| delimiter_of(text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let malformed = |error: &csv::Error| {
        MatchError::content(
            "match-malformed-csv",
            path,
            error
                .position()
                .map(|position| position.line() + first_line),
            format!("not readable as CSV ({error})"),
            "check the quotation marks of that line",
        )
    };
    let headers: Vec<String> = reader
        .headers()
        .map_err(|error| malformed(&error))?
        .iter()
        .map(str::to_owned)
        .collect();
    check_headers(path, &headers, first_line + 1)?;
    let mut rows = Vec::new();
    for record in reader.into_records() {
        let cells = record.map_err(|error| malformed(&error))?;
        let line = cells.position().map_or(0, csv::Position::line) + first_line;
        if cells.iter().all(str::is_empty) {
            continue;
        }
        if cells.len() != headers.len() {
            return Err(MatchError::content(
                "match-ragged-row",
                path,
                Some(line),
                format!(
                    "the row has {} fields, the header {}",
                    cells.len(),
                    headers.len()
                ),
                "put quotation marks around values that contain the separator, and check for an \
                 unclosed one",
            ));
        }
        rows.push(Row { line, cells });
    }
    if rows.is_empty() {
        return Err(MatchError::content(
            "match-empty-file",
            path,
            None,
            "there is a header but no row below it",
            "export the file again",
        ));
    }
    Ok(Sheet { headers, rows })
}

/// UTF-8, or UTF-16 with a byte-order mark. Anything else is a guess that would ruin names.
fn decode(path: &Path, bytes: &[u8]) -> Result<String, MatchError> {
    let wrong = |line, reason: &str| {
        MatchError::content("match-encoding", path, line, reason, SAVE_AS_UTF8)
    };
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _, broken) = encoding.decode(bytes);
        return if broken {
            Err(wrong(
                None,
                &format!("not valid {} although it says so", encoding.name()),
            ))
        } else {
            Ok(text.into_owned())
        };
    }
    if bytes.contains(&0) {
        return Err(wrong(
            None,
            "the file has zero bytes: it is UTF-16 without a mark, or no text",
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.split(|byte| *byte == b'\n').skip(1).count() as u64;
            Err(wrong(
                Some(line),
                "not UTF-8: the file is in a legacy encoding such as Latin-1",
            ))
        }
    }
}

/// Excel's `sep=;` in front of the header: the rest, the lines it took, and the separator.
fn without_separator_line(text: &str) -> (&str, u64, Option<u8>) {
    let declared = text
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    match (declared, text.split_once('\n')) {
        (true, Some((first, rest))) => (
            rest,
            1,
            first.trim_end().as_bytes().get(4).copied().or(Some(b'\t')),
        ),
        _ => (text, 0, None),
    }
}

fn delimiter_of(text: &str) -> u8 {
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("");
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let Some(entry) = counts
            .iter_mut()
            .find(|(known, _)| !quoted && *known == byte)
        {
            entry.1 += 1;
        }
    }
    // The first of equals: a comma when there is no separator at all.
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(byte, _)| *byte)
}

fn check_headers(path: &Path, headers: &[String], line: u64) -> Result<(), MatchError> {
    let missing = |reason: String| {
        MatchError::content(
            "match-missing-header",
            path,
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

/// Whether a spreadsheet has turned a long number into scientific notation: `1.23E+15`.
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    exponent.strip_prefix('+').is_some_and(digits) && digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8]) -> Result<Sheet, MatchError> {
        parse_sheet(Path::new("people.csv"), bytes)
    }

    fn error(bytes: &[u8]) -> String {
        parse(bytes).unwrap_err().to_string()
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
            let sheet = parse(file).unwrap();
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

    #[test]
    fn scientific_notation_is_told_from_ids() {
        for text in ["1.23E+15", "1,23e+15", "5E+09"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["1E5", "0051E000001", "E+15", "", "12345"] {
            assert!(!is_scientific(text), "{text}");
        }
    }
}
