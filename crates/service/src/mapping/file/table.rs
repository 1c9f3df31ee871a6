//! Mappings as a table: written so that a spreadsheet neither runs nor, as far as a text file can
//! help it, ruins what stands there; read back exactly, and refused where it was ruined.

use counterpart_model::{
    Code, MappingOrigin, PageRequest, Period, Timestamp, paging::LARGEST_PAGE,
};
use counterpart_store::mappings::MappingQuery;
use counterpart_tabular::{Sheet, TableError, column_named, from_safe, is_scientific, workbook};

use super::document::{Document, Entry, FileProblem, PersonRef, Scope, Section};
use super::reading::instant;
use crate::mapping::ExportRow;
use crate::{Actor, Error, Result, Service};

impl Service {
    /// All mappings as rows, sorted by connection, person and time.
    pub async fn export_rows(&self, actor: &Actor) -> Result<Vec<ExportRow>> {
        let mut rows = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .list_mappings(actor, &MappingQuery::default(), &request)
                .await?;
            rows.extend(page.items.iter().map(ExportRow::from));
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => break,
            }
        }
        rows.sort_by(|a, b| order(a).cmp(&order(b)));
        Ok(rows)
    }

    /// All mappings as a CSV file with a header. Values that a spreadsheet would run are kept as
    /// text.
    pub async fn export_mapping_table(&self, actor: &Actor) -> Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new()
            .has_headers(false)
            .from_writer(Vec::new());
        writer
            .write_record(ExportRow::COLUMNS)
            .map_err(Error::internal)?;
        for row in self.export_rows(actor).await? {
            writer.serialize(row.safe()).map_err(Error::internal)?;
        }
        writer
            .into_inner()
            .map_err(|error| Error::internal(error.to_string()))
    }

    /// The same as a workbook (`.xlsx`), in which every cell is text.
    pub async fn export_mapping_workbook(&self, actor: &Actor) -> Result<Vec<u8>> {
        let rows = self.export_rows(actor).await?;
        Ok(workbook(&ExportRow::COLUMNS, rows.iter().map(cells))?)
    }
}

fn cells(row: &ExportRow) -> Vec<&str> {
    let word = |truth: bool| if truth { "true" } else { "false" };
    vec![
        &row.connection,
        &row.person_external_id,
        &row.person_email,
        &row.person_name,
        &row.crm_user_id,
        &row.crm_user_name,
        &row.from,
        &row.to,
        row.origin,
        &row.person_id,
        word(row.person_shared),
        word(row.crm_user_shared),
    ]
}

fn order(row: &ExportRow) -> impl Ord + '_ {
    (
        &row.connection,
        &row.person_name,
        &row.person_id,
        &row.from,
        &row.crm_user_id,
    )
}

/// Where the columns are.
struct Columns {
    connection: usize,
    crm_user: usize,
    external_id: Option<usize>,
    email: Option<usize>,
    id: Option<usize>,
    from: Option<usize>,
    to: Option<usize>,
    person_shared: Option<usize>,
    crm_user_shared: Option<usize>,
    origin: Option<usize>,
}

impl Columns {
    fn of(headers: &[String]) -> std::result::Result<Self, TableError> {
        let place = |name: &str| column_named(headers, name);
        let needed = |name: &str| {
            place(name).ok_or_else(|| {
                TableError::new(
                    Code::FileHeader,
                    Some(1),
                    format!("there is no column `{name}`"),
                    "export the mappings, edit that file and import it; two columns of ids go \
                     to the import of pairs",
                )
            })
        };
        let columns = Self {
            connection: needed("connection")?,
            crm_user: needed("crm_user_id")?,
            external_id: place("person_external_id"),
            email: place("person_email"),
            id: place("person_id"),
            from: place("from"),
            to: place("to"),
            person_shared: place("person_shared"),
            crm_user_shared: place("crm_user_shared"),
            origin: place("origin"),
        };
        if columns.external_id.is_none() && columns.email.is_none() {
            needed("person_id")?;
        }
        Ok(columns)
    }
}

/// What a table says: mappings of the people it names, and nothing of anybody else.
pub(super) fn document(
    sheet: &Sheet,
    zone: &str,
) -> Result<std::result::Result<Document, Vec<FileProblem>>> {
    let columns = Columns::of(&sheet.headers)?;
    let mut sections: Vec<Section> = Vec::new();
    let mut problems = Vec::new();
    for row in &sheet.rows {
        let cells: Vec<&str> = row.cells.iter().map(|cell| from_safe(cell)).collect();
        let entry = match entry(&columns, row.line, &cells, zone) {
            Ok(entry) => entry,
            Err(message) => {
                problems.push(FileProblem::new(row.line, message));
                continue;
            }
        };
        let name = cells[columns.connection];
        match sections.iter_mut().find(|section| section.name == name) {
            Some(section) => section.mappings.push(entry),
            None => sections.push(Section {
                line: row.line,
                name: name.to_owned(),
                mappings: vec![entry],
                decisions: None,
            }),
        }
    }
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    Ok(Ok(Document {
        scope: Scope::People,
        from_table: true,
        sections,
    }))
}

fn entry(
    columns: &Columns,
    line: u64,
    cells: &[&str],
    zone: &str,
) -> std::result::Result<Entry, String> {
    let cell = |column: Option<usize>| column.map_or("", |column| cells[column]);
    let crm_user = cells[columns.crm_user];
    if crm_user.is_empty() {
        return Err("the id of the CRM user is empty; fill it, or leave the row out".to_owned());
    }
    for id in [crm_user, cell(columns.external_id)] {
        refuse_scientific(id)?;
    }
    let period = Period::new(
        boundary(cell(columns.from), Timestamp::ALWAYS, zone)?,
        boundary(cell(columns.to), Timestamp::FOREVER, zone)?,
    );
    Ok(Entry {
        line,
        person: person(columns, cells)?,
        crm_user: crm_user.to_owned(),
        period: period.map_err(|error| error.to_string())?,
        person_shared: yes_or_no(cell(columns.person_shared))?,
        crm_user_shared: yes_or_no(cell(columns.crm_user_shared))?,
        origin: origin(cell(columns.origin))?,
    })
}

/// By the external id where there is one, else by our own, else by the address.
fn person(columns: &Columns, cells: &[&str]) -> std::result::Result<PersonRef, String> {
    let cell = |column: Option<usize>| {
        let text = column.map(|column| cells[column]);
        text.filter(|text| !text.is_empty())
    };
    if let Some(id) = cell(columns.external_id) {
        return Ok(PersonRef::ExternalId(id.to_owned()));
    }
    if let Some(id) = cell(columns.id) {
        let id = id.parse().map_err(|error| format!("person_id: {error}"))?;
        return Ok(PersonRef::Id(id));
    }
    cell(columns.email)
        .map(|email| PersonRef::Email(email.to_owned()))
        .ok_or_else(|| {
            "the row names no person; fill person_external_id, person_email or person_id".to_owned()
        })
}

fn boundary(
    text: &str,
    otherwise: Timestamp,
    zone: &str,
) -> std::result::Result<Timestamp, String> {
    if text.is_empty() {
        return Ok(otherwise);
    }
    instant(text, zone)
}

fn yes_or_no(text: &str) -> std::result::Result<Option<bool>, String> {
    match text.to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(format!("`{text}` is neither true nor false")),
    }
}

fn origin(text: &str) -> std::result::Result<Option<MappingOrigin>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    MappingOrigin::ALL
        .into_iter()
        .find(|origin| origin.as_str() == text)
        .map(Some)
        .ok_or_else(|| {
            format!("`{text}` is no origin; use manual, proposal, import or provisioned")
        })
}

/// Refuses an id whose last digits are lost.
pub(super) fn refuse_scientific(id: &str) -> std::result::Result<(), String> {
    if is_scientific(id) {
        return Err(format!(
            "`{id}` is a number that a spreadsheet has rounded; format the column as text, and \
             fill it again from the source"
        ));
    }
    Ok(())
}
