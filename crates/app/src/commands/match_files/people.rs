//! Rows as the matcher's records.

use std::collections::HashMap;
use std::path::Path;

use counterpart_matching::{AccountKind, Record};
use counterpart_model::Code;
use counterpart_tabular::{Field, Row, Sheet, is_scientific};

use super::columns::Columns;
use super::error::MatchError;

/// Turns every row into a record, after checking its ids.
pub(super) fn records_of(
    path: &Path,
    sheet: &Sheet,
    columns: &Columns,
) -> Result<Vec<Record>, MatchError> {
    check_ids(path, sheet, columns)?;
    Ok(sheet
        .rows
        .iter()
        .map(|row| record_of(row, columns))
        .collect())
}

fn check_ids(path: &Path, sheet: &Sheet, columns: &Columns) -> Result<(), MatchError> {
    let mut lines: HashMap<&str, u64> = HashMap::with_capacity(sheet.rows.len());
    let header = &columns.headers[columns.id];
    for row in &sheet.rows {
        for (place, cell) in row.cells.iter().enumerate() {
            let is_id = place == columns.id || columns.fields[place] == Field::ExternalId;
            if is_id && is_scientific(cell) {
                return Err(MatchError::content(
                    Code::FileScientificId,
                    path,
                    Some(row.line),
                    format!(
                        "'{cell}' in column '{}' is an id that a spreadsheet has rounded",
                        columns.headers[place]
                    ),
                    "format the column as text before filling it, and export again from the source",
                ));
            }
        }
        let id = &row.cells[columns.id];
        if id.is_empty() {
            return Err(MatchError::content(
                Code::FileHeader,
                path,
                Some(row.line),
                format!("the id column '{header}' is empty"),
                "fill it, or name another column with --id-a or --id-b",
            ));
        }
        if let Some(first) = lines.insert(id, row.line) {
            return Err(MatchError::content(
                Code::FileDuplicateId,
                path,
                Some(row.line),
                format!("the id '{id}' in column '{header}' stands on line {first} already"),
                "remove one of the rows, or name a column with unique values with --id-a or --id-b",
            ));
        }
    }
    Ok(())
}

fn record_of(row: &Row, columns: &Columns) -> Record {
    let mut record = Record {
        id: row.cells[columns.id].to_owned(),
        ..Record::default()
    };
    for (place, cell) in row.cells.iter().enumerate() {
        if cell.is_empty() {
            continue;
        }
        let value = || cell.to_owned();
        match columns.fields[place] {
            Field::Id | Field::Ignored => {}
            Field::Given => record.given = value(),
            Field::Family => record.family = value(),
            Field::FullName => record.full_name = value(),
            // One cell may hold several addresses.
            Field::Email => record.emails.extend(
                cell.split([';', ',', ' '])
                    .filter(|part| part.contains('@'))
                    .map(str::to_owned),
            ),
            Field::Username => record.username = value(),
            Field::Phone => record.phones.push(value()),
            Field::Extension => record.extension = value(),
            Field::ExternalId => record.external_ids.push(value()),
            Field::Title => record.title = value(),
            Field::Department => record.department = value(),
            Field::City => record.city = value(),
            Field::BirthDate => record.birth_date = value(),
            Field::Postcode => record.postcode = value(),
            Field::Active => record.inactive |= says_no(cell),
            Field::Inactive => record.inactive |= !says_no(cell),
            Field::Kind => record.kind = kind_of(cell),
            Field::Text => record.text.push((columns.headers[place].clone(), value())),
        }
    }
    record
}

fn says_no(cell: &str) -> bool {
    const NO: [&str; 18] = [
        "0",
        "archived",
        "deactivated",
        "deleted",
        "disabled",
        "f",
        "false",
        "former",
        "inactive",
        "left",
        "locked",
        "n",
        "nein",
        "no",
        "non",
        "suspended",
        "terminated",
        "unlicensed",
    ];
    NO.binary_search(&cell.to_lowercase().as_str()).is_ok()
}

fn kind_of(cell: &str) -> AccountKind {
    let cell = cell.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| cell.contains(word));
    if has(&[
        "integration",
        "api",
        "service",
        "bot",
        "automat",
        "system",
        "machine",
    ]) {
        AccountKind::Service
    } else if has(&["queue", "shared", "group", "mailbox", "resource", "room"]) {
        AccountKind::Shared
    } else if has(&["person", "human", "employee"]) {
        AccountKind::Person
    } else {
        AccountKind::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::Side;
    use super::*;

    fn read(text: &str) -> Result<Vec<Record>, MatchError> {
        let path = Path::new("people.csv");
        let sheet =
            Sheet::parse(text.as_bytes()).map_err(|error| MatchError::table(path, error))?;
        let columns = Columns::find(&sheet.headers, Side::A, None, &[])?;
        records_of(path, &sheet, &columns)
    }

    #[test]
    fn cells_become_fields() {
        let records = read(
            "id,name,email,status,user type,floor\n7,Ann Lee,a@x.org; b@x.org,Inactive,Queue,3\n",
        )
        .unwrap();
        let record = &records[0];
        assert_eq!(
            (record.id.as_str(), record.full_name.as_str()),
            ("7", "Ann Lee")
        );
        assert_eq!(record.emails, ["a@x.org", "b@x.org"]);
        assert!(record.inactive);
        assert_eq!(record.kind, AccountKind::Shared);
        assert_eq!(record.text, [("floor".to_owned(), "3".to_owned())]);
    }

    #[test]
    fn duplicate_empty_and_rounded_ids_name_their_line() {
        for (text, expected) in [
            ("id,name\n1,a\n2,b\n1,c\n", ["line 4", "line 2 already"]),
            ("id,name\n1,a\n,b\n", ["line 3", "is empty"]),
            ("id,name\n1.23E+15,a\n", ["line 2", "rounded"]),
            (
                "id,name,employee id\nx,a,2.5E+10\n",
                ["line 2", "'employee id'"],
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(expected.iter().all(|part| error.contains(part)), "{error}");
        }
    }
}
