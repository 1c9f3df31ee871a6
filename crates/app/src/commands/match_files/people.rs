//! Rows of one file, handed to the matcher without keeping any.

use std::path::Path;

use counterpart_matching::{AccountKind, RecordView, Side};
use counterpart_model::Code;
use counterpart_tabular::{Field, RowView, SheetReader, is_scientific};

use super::cells::{Verdicts, kind_of, says_no};
use super::columns::{ColumnMap, Columns, Origin};
use super::error::MatchError;
use super::ids::{Duplicate, Ids, IdsBuilder, TooMany};

/// The people of one file.
pub(super) struct People {
    /// For the matcher.
    pub(super) side: Side,
    /// By row.
    pub(super) ids: Ids,
    /// How the file was understood.
    pub(super) columns: Columns,
}

impl People {
    /// Reads the people of a file's text, and checks their ids.
    pub(super) fn read(
        path: &Path,
        text: &str,
        origin: Origin,
        id: Option<&str>,
        maps: &[ColumnMap],
    ) -> Result<Self, MatchError> {
        let in_file = |error| MatchError::table(path, error);
        let mut reader = SheetReader::new(text).map_err(in_file)?;
        let columns = columns_of(path, reader.headers(), origin, id, maps)?;
        let mut ids = IdsBuilder::with_capacity(reader.most_rows());
        let mut side = Side::new(columns.text_headers());
        let mut cells = Cells::of(&columns);
        let mut spare = Lists::default();
        while let Some(row) = reader.next_row().map_err(in_file)? {
            let (id, line) = (row.cell(columns.id), row.line());
            check_id(path, &columns, id, line)?;
            ids.push(id).map_err(|TooMany| too_many(path, line))?;
            if let Some((column, cell)) = cells.rounded(&row) {
                return Err(rounded(path, &columns, column, cell, line));
            }
            let mut lists = std::mem::take(&mut spare).emptied();
            cells.hand_over(&row, &mut lists, &mut side);
            spare = lists.emptied();
        }
        match ids.finish() {
            Ok(ids) => Ok(Self { side, ids, columns }),
            Err(rows) => Err(duplicate(path, text, &columns, rows)),
        }
    }
}

fn columns_of(
    path: &Path,
    headers: &[String],
    origin: Origin,
    id: Option<&str>,
    maps: &[ColumnMap],
) -> Result<Columns, MatchError> {
    let columns = Columns::find(headers, origin, id, maps).map_err(|error| match error {
        MatchError::Usage { reason, remedy } => MatchError::Usage {
            reason: format!("{}: {reason}", path.display()),
            remedy,
        },
        other => other,
    })?;
    if columns.has_evidence() {
        return Ok(columns);
    }
    Err(MatchError::content(
        Code::FileHeader,
        path,
        Some(1),
        "no column is a name, an address, a number or an id to compare",
        "check that the first line names the columns, or say what they hold with --map",
    ))
}

/// The columns that say something, and what their cells said so far.
struct Cells {
    /// Column, what it holds, and its number among those compared as text.
    columns: Vec<(usize, Field, usize)>,
    /// The columns of ids of other systems.
    ids: Vec<usize>,
    no: Verdicts<bool>,
    kinds: Verdicts<AccountKind>,
}

impl Cells {
    fn of(columns: &Columns) -> Self {
        let mut texts = 0;
        let mut used = Vec::new();
        for (column, field) in columns.fields.iter().enumerate() {
            if !matches!(field, Field::Id | Field::Ignored) {
                used.push((column, *field, texts));
                texts += usize::from(*field == Field::Text);
            }
        }
        let is_id = |(_, field, _): &&(usize, Field, usize)| *field == Field::ExternalId;
        Self {
            ids: used
                .iter()
                .filter(is_id)
                .map(|(place, ..)| *place)
                .collect(),
            columns: used,
            no: Verdicts::new(says_no),
            kinds: Verdicts::new(kind_of),
        }
    }

    /// A cell with another system's id that a spreadsheet has rounded, and its column.
    fn rounded<'r>(&self, row: &RowView<'r>) -> Option<(usize, &'r str)> {
        let mut cells = self.ids.iter().map(|column| (*column, row.cell(*column)));
        cells.find(|(_, cell)| is_scientific(cell))
    }

    fn hand_over<'r>(&mut self, row: &RowView<'r>, lists: &mut Lists<'r>, side: &mut Side) {
        let mut view = RecordView::default();
        for (column, field, number) in &self.columns {
            let cell = row.cell(*column);
            if cell.is_empty() {
                continue;
            }
            match field {
                Field::Id | Field::Ignored => {}
                Field::Given => view.given = cell,
                Field::Family => view.family = cell,
                Field::FullName => view.full_name = cell,
                // One cell may hold several addresses.
                Field::Email => lists.emails.extend(
                    cell.split([';', ',', ' '])
                        .filter(|part| part.contains('@')),
                ),
                Field::Username => view.username = cell,
                Field::Phone => lists.phones.push(cell),
                Field::Extension => view.extension = cell,
                Field::ExternalId => lists.external_ids.push(cell),
                Field::Title => view.title = cell,
                Field::Department => view.department = cell,
                Field::Manager => view.manager = cell,
                Field::City => view.city = cell,
                Field::BirthDate => view.birth_date = cell,
                Field::Postcode => view.postcode = cell,
                Field::Active => view.inactive |= self.no.of(cell),
                Field::Inactive => view.inactive |= !self.no.of(cell),
                Field::Kind => view.kind = self.kinds.of(cell),
                Field::Text => lists.text.push((*number, cell)),
            }
        }
        side.push(&RecordView {
            emails: &lists.emails,
            phones: &lists.phones,
            external_ids: &lists.external_ids,
            text: &lists.text,
            ..view
        });
    }
}

/// The cells of which a row may have several.
#[derive(Default)]
struct Lists<'r> {
    emails: Vec<&'r str>,
    phones: Vec<&'r str>,
    external_ids: Vec<&'r str>,
    text: Vec<(usize, &'r str)>,
}

impl Lists<'_> {
    /// The same memory for another row's cells: collecting an emptied vector keeps its buffer.
    fn emptied<'other>(mut self) -> Lists<'other> {
        self.emails.clear();
        self.phones.clear();
        self.external_ids.clear();
        self.text.clear();
        Lists {
            emails: self.emails.into_iter().map(|_| "").collect(),
            phones: self.phones.into_iter().map(|_| "").collect(),
            external_ids: self.external_ids.into_iter().map(|_| "").collect(),
            text: self.text.into_iter().map(|_| (0, "")).collect(),
        }
    }
}

fn check_id(path: &Path, columns: &Columns, id: &str, line: u64) -> Result<(), MatchError> {
    if id.is_empty() {
        return Err(MatchError::content(
            Code::FileHeader,
            path,
            Some(line),
            format!("the id column '{}' is empty", columns.headers[columns.id]),
            "fill it, or name another column with --id-a or --id-b",
        ));
    }
    if is_scientific(id) {
        return Err(rounded(path, columns, columns.id, id, line));
    }
    Ok(())
}

fn rounded(path: &Path, columns: &Columns, column: usize, cell: &str, line: u64) -> MatchError {
    MatchError::content(
        Code::FileScientificId,
        path,
        Some(line),
        format!(
            "'{cell}' in column '{}' is an id that a spreadsheet has rounded",
            columns.headers[column]
        ),
        "format the column as text before filling it, and export again from the source",
    )
}

/// Nothing but this error wants to know the lines of rows, so they are counted out when it occurs.
fn duplicate(path: &Path, text: &str, columns: &Columns, rows: Duplicate) -> MatchError {
    let (mut lines, mut found) = ((None, None), String::new());
    if let Ok(mut reader) = SheetReader::new(text) {
        let mut number = 0;
        while let Ok(Some(row)) = reader.next_row() {
            if number == rows.first {
                lines.0 = Some(row.line());
            }
            if number == rows.second {
                lines.1 = Some(row.line());
                row.cell(columns.id).clone_into(&mut found);
                break;
            }
            number += 1;
        }
    }
    let earlier = lines.0.unwrap_or_default();
    MatchError::content(
        Code::FileDuplicateId,
        path,
        lines.1,
        format!(
            "the id '{found}' in column '{}' stands on line {earlier} already",
            columns.headers[columns.id]
        ),
        "remove one of the rows, or name a column with unique values with --id-a or --id-b",
    )
}

fn too_many(path: &Path, line: u64) -> MatchError {
    MatchError::content(
        Code::FileTooLarge,
        path,
        Some(line),
        "the file has more than 4,294,967,295 rows",
        "split it, for example by department",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let path = Path::new("people.csv");
        match People::read(path, text, Origin::A, None, &[]) {
            Ok(_) => panic!("{text} was read"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn duplicate_empty_and_rounded_ids_name_their_line() {
        for (text, expected) in [
            ("id,name\n1,a\n2,b\n1,c\n", ["line 4", "line 2 already"]),
            (
                "id,name\n\n1,a\n2,\"b\nb\"\n2,c\n",
                ["line 6", "line 4 already"],
            ),
            ("id,name\n1,a\n,b\n", ["line 3", "is empty"]),
            ("id,name\n1.23E+15,a\n", ["line 2", "rounded"]),
            (
                "id,name,employee id\nx,a,2.5E+10\n",
                ["line 2", "'employee id'"],
            ),
        ] {
            let error = error(text);
            assert!(expected.iter().all(|part| error.contains(part)), "{error}");
        }
    }

    #[test]
    fn every_row_is_handed_over() {
        let text = "id,name,email,status,user type,floor\n7,Ann Lee,a@x.org; b@x.org,Inactive,Queue,3\n8,Bo,,,,\n";
        let path = Path::new("people.csv");
        let people = People::read(path, text, Origin::A, None, &[]).ok().unwrap();
        assert_eq!(people.side.len(), 2);
        assert_eq!((people.ids.of(0), people.ids.of(1)), ("7", "8"));
        assert_eq!(people.columns.text_headers(), ["floor"]);
    }
}
