//! Tables as workbooks (`.xlsx`): read cell by cell, written with every cell as text.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, sink};

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx, XlsxError};
use counterpart_model::Code;
use rust_xlsxwriter::{DocProperties, Format, Workbook, Worksheet};
use zip::ZipArchive;

use crate::TableError;
use crate::sheet::{Row, Sheet};

/// What every workbook begins with: it is a zip archive.
const MAGIC: &[u8] = b"PK\x03\x04";

/// The most bytes that a workbook may unfold to. A small file can unfold to a thousand times its
/// size.
const LARGEST: u64 = 256 << 20;

/// The most columns that a table may have.
const MOST_COLUMNS: u32 = 1_000;

/// Whether a file's bytes are those of a workbook.
pub(crate) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The first sheet of a workbook. Numbers that a cell cannot hold exactly come out in scientific
/// notation, so that they are refused as [`is_scientific`](crate::is_scientific) does.
pub(crate) fn parse(bytes: &[u8]) -> Result<Sheet, TableError> {
    refuse_too_large(bytes)?;
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let name = workbook
        .sheet_names()
        .into_iter()
        .next()
        .unwrap_or_default();
    let mut reader = workbook
        .worksheet_cells_reader(&name)
        .map_err(|error| broken(&error))?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    while let Some(cell) = reader.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            return Err(TableError::new(
                Code::FileTooLarge,
                Some(u64::from(row) + 1),
                format!("there are more than {MOST_COLUMNS} columns"),
                "delete what stands beside the table",
            ));
        }
        rows.entry(row).or_default().insert(column, text);
    }
    sheet_of(rows)
}

/// Unfolds a workbook to nowhere, and stops where it becomes too much.
fn refuse_too_large(bytes: &[u8]) -> Result<(), TableError> {
    let unreadable = |error: &dyn std::fmt::Display| {
        TableError::new(
            Code::FileUnreadable,
            None,
            format!("not a workbook ({error})"),
            "save it again as .xlsx, or as CSV",
        )
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let mut left = LARGEST;
    for place in 0..archive.len() {
        let part = archive
            .by_index(place)
            .map_err(|error| unreadable(&error))?;
        let mut bounded = part.take(left + 1);
        let size = std::io::copy(&mut bounded, &mut sink()).map_err(|error| unreadable(&error))?;
        left = left.checked_sub(size).ok_or_else(|| {
            TableError::new(
                Code::FileTooLarge,
                None,
                format!("the workbook unfolds to more than {} MiB", LARGEST >> 20),
                "delete sheets and pictures, or save the sheet as CSV",
            )
        })?;
    }
    Ok(())
}

fn broken(error: &XlsxError) -> TableError {
    TableError::new(
        Code::FileUnreadable,
        None,
        format!("the workbook cannot be read ({error})"),
        "save it again as .xlsx without a password, or as CSV",
    )
}

/// The first row that holds something is the header; rows below that hold nothing are left out.
fn sheet_of(rows: BTreeMap<u32, BTreeMap<u32, String>>) -> Result<Sheet, TableError> {
    let mut rows = rows.into_iter();
    let (first, cells) = rows.next().ok_or_else(|| {
        TableError::new(
            Code::FileEmpty,
            None,
            "the first sheet is empty",
            "put the table on the first sheet, with a row of column names",
        )
    })?;
    let columns: Vec<u32> = cells.keys().copied().collect();
    let headers: Vec<String> = cells
        .into_values()
        .map(|name| name.trim().to_owned())
        .collect();
    crate::reader::check_headers(&headers, u64::from(first) + 1)?;
    let rows: Vec<Row> = rows
        .map(|(row, mut cells)| Row {
            line: u64::from(row) + 1,
            cells: columns
                .iter()
                .map(|column| cells.remove(column).unwrap_or_default().trim().to_owned())
                .collect(),
        })
        .collect();
    if rows.is_empty() {
        return Err(TableError::new(
            Code::FileEmpty,
            None,
            "there is a header but no row below it",
            "export the file again",
        ));
    }
    Ok(Sheet { headers, rows })
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_in_words(*number),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(instant) => day_or_instant(*instant),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number as it was typed, as far as a spreadsheet keeps it: 15 digits.
fn number_in_words(number: f64) -> String {
    const KEPT: f64 = 1e15;
    if number.fract() == 0.0 && number.abs() < KEPT {
        format!("{number:.0}")
    } else if number.abs() >= KEPT {
        format!("{number:E}").replace('E', "E+")
    } else {
        number.to_string()
    }
}

fn day_or_instant(instant: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return date;
    }
    format!("{date}T{hour:02}:{minute:02}:{second:02}")
}

/// A table as a workbook with one sheet. Every cell is text and formatted as text, so that ids
/// and extensions stay what they are when they are looked at, edited and saved; nothing is a
/// formula. The same table gives the same bytes.
///
/// Errs when it does not fit: more than 1,048,575 rows, or a cell of more than 32,767 characters.
pub fn workbook<'c>(
    headers: &[&str],
    rows: impl Iterator<Item = Vec<&'c str>>,
) -> Result<Vec<u8>, TableError> {
    write(headers, rows).map_err(|error| {
        TableError::new(
            Code::FileTooLarge,
            None,
            format!("the table does not fit into a workbook ({error})"),
            "export it as CSV",
        )
    })
}

fn write<'c>(
    headers: &[&str],
    rows: impl Iterator<Item = Vec<&'c str>>,
) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let text = Format::new().set_num_format("@");
    let head = text.clone().set_bold();
    let mut workbook = Workbook::new();
    // The program's own words have no date: whoever needs one looks at the file's.
    let beginning = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&beginning));
    let sheet: &mut Worksheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    for (column, header) in (0_u16..).zip(headers) {
        sheet.set_column_format(column, &text)?;
        sheet.set_column_width(column, 24)?;
        sheet.write_string_with_format(0, column, *header, &head)?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(row, column, cell, &text)?;
        }
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back_from_a_workbook_as_it_went() {
        let rows = [
            ["0017", "=1+1", "123456789012345678", "Ann \u{1F600}"],
            ["", "O'Neil", "-5", "a\nb"],
        ];
        let table = || rows.iter().map(|row| row.to_vec());
        let bytes = workbook(&["ext", "name", "id", "note"], table()).unwrap();
        assert_eq!(
            bytes,
            workbook(&["ext", "name", "id", "note"], table()).unwrap()
        );
        let sheet = Sheet::parse(&bytes).unwrap();
        assert_eq!(sheet.headers, ["ext", "name", "id", "note"]);
        let cells: Vec<&Vec<String>> = sheet.rows.iter().map(|row| &row.cells).collect();
        assert_eq!(cells, rows.iter().collect::<Vec<_>>());
        assert_eq!(sheet.rows[1].line, 3);
    }

    #[test]
    fn a_number_is_what_was_typed_or_says_that_it_is_rounded() {
        assert_eq!(number_in_words(17.0), "17");
        assert_eq!(number_in_words(123_456_789_012_345.0), "123456789012345");
        assert_eq!(number_in_words(0.5), "0.5");
        let rounded = number_in_words(1_234_567_890_123_456.0);
        assert!(crate::is_scientific(&rounded), "{rounded}");
    }

    #[test]
    fn what_is_no_workbook_is_refused_in_words() {
        let error = Sheet::parse(b"PK\x03\x04 no archive").unwrap_err();
        assert_eq!(error.code, Code::FileUnreadable);
    }
}
