//! People out of a file, by the names of its columns.

use counterpart_model::Code;
use counterpart_tabular::{Field, Row, Sheet, TableError, assign_fields, is_scientific};

use super::{ImportPlan, ImportRow, PersonInput};
use crate::{Actor, Error, Result, Service};

/// What a file of people would change, and how its columns were understood.
#[derive(Debug)]
pub struct FilePlan {
    /// What would change.
    pub plan: ImportPlan,
    /// The columns as they are called in the file, each with what it was taken for.
    pub columns: Vec<(String, Field)>,
}

impl Service {
    /// What a file of people (CSV, by the bytes) would change. Nothing is changed.
    pub async fn plan_file_import(&self, actor: &Actor, bytes: &[u8]) -> Result<FilePlan> {
        let sheet = Sheet::parse(bytes)?;
        let fields = fields_of(&sheet)?;
        let rows = sheet
            .rows
            .iter()
            .map(|row| row_of(row, &sheet.headers, &fields))
            .collect::<std::result::Result<Vec<ImportRow>, TableError>>()?;
        let plan = self.plan_import(actor, rows).await?;
        Ok(FilePlan {
            plan,
            columns: sheet.headers.into_iter().zip(fields).collect(),
        })
    }
}

/// What each column holds. A plain `id` is the external id where no other column is.
fn fields_of(sheet: &Sheet) -> std::result::Result<Vec<Field>, TableError> {
    let mut fields = assign_fields(&sheet.headers, Vec::new());
    if !fields.contains(&Field::ExternalId)
        && let Some(id) = fields.iter_mut().find(|field| **field == Field::Id)
    {
        *id = Field::ExternalId;
    }
    let names = [Field::FullName, Field::Given, Field::Family, Field::Email];
    if fields.iter().any(|field| names.contains(field)) {
        return Ok(fields);
    }
    Err(TableError::new(
        Code::FileHeader,
        Some(1),
        "no column is a name or an e-mail address",
        "check that the first line names the columns, for example: external id, given name, family name, e-mail, extension",
    ))
}

fn row_of(
    row: &Row,
    headers: &[String],
    fields: &[Field],
) -> std::result::Result<ImportRow, TableError> {
    let mut input = PersonInput::default();
    for ((cell, field), header) in row.cells.iter().zip(fields).zip(headers) {
        let is_id = matches!(field, Field::ExternalId | Field::Extension);
        if is_id && is_scientific(cell) {
            return Err(TableError::new(
                Code::FileScientificId,
                Some(row.line),
                format!(
                    "`{cell}` in the column `{header}` is a number that a spreadsheet has rounded"
                ),
                "format the column as text before filling it, and export again from the source",
            ));
        }
        take(&mut input, *field, cell);
    }
    Ok(ImportRow {
        line: row.line,
        input,
    })
}

fn take(input: &mut PersonInput, field: Field, cell: &str) {
    if cell.is_empty() {
        return;
    }
    match field {
        Field::ExternalId if input.external_id.is_empty() => {
            cell.clone_into(&mut input.external_id);
        }
        Field::ExternalId => cell.clone_into(&mut input.employee_number),
        Field::Given => cell.clone_into(&mut input.given_name),
        Field::Family => cell.clone_into(&mut input.family_name),
        Field::FullName => cell.clone_into(&mut input.display_name),
        // One cell may hold several addresses.
        Field::Email => input.emails.extend(
            cell.split([';', ',', ' '])
                .filter(|part| !part.is_empty())
                .map(str::to_owned),
        ),
        Field::Username => cell.clone_into(&mut input.username),
        Field::Phone => input.phones.push(cell.to_owned()),
        Field::Extension => cell.clone_into(&mut input.extension),
        Field::Title => cell.clone_into(&mut input.title),
        Field::Department => cell.clone_into(&mut input.department),
        Field::Id
        | Field::Manager
        | Field::City
        | Field::BirthDate
        | Field::Postcode
        | Field::Active
        | Field::Inactive
        | Field::Kind
        | Field::Text
        | Field::Ignored => {}
    }
}

impl From<TableError> for Error {
    fn from(error: TableError) -> Self {
        Self::new(error.code, error.to_string())
    }
}
