//! `GET /mappings/export`

use std::collections::VecDeque;

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use counterpart_model::{Page, PageRequest, paging::LARGEST_PAGE};
use counterpart_service::mapping::{ExportRow, MappingView};
use counterpart_service::{Actor, Service};
use counterpart_store::mappings::MappingQuery;
use futures::stream::{self, Stream};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::MappingFilter;
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::Query;

/// What to export, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// As what; `csv` if nothing is said.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// In this connection.
    connection: Option<Uuid>,
    /// Of this person.
    person: Option<Uuid>,
    /// To the CRM user of this id.
    crm_user: Option<String>,
    /// Holding at this instant: RFC 3339, or `now`.
    #[param(example = "now")]
    at: Option<String>,
}

/// `csv`: a header and a row for each mapping; `ndjson`: an object on a line for each; `yaml`: all
/// mappings and decisions, as `POST /mappings/plan` reads them; `xlsx`: the rows as a workbook in which every cell is text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Csv,
    Ndjson,
    Yaml,
    Xlsx,
}

/// Every mapping that fits, oldest first, without paging.
///
/// With names, addresses and external ids, so that it can be read by other programs and by
/// people. In CSV a value that a spreadsheet would run begins with an apostrophe. As `yaml` and `xlsx` there are no filters: a `mappings.yaml` that is a part would take the
/// rest away when it is applied. When the export breaks off, so does the connection: a file that came to its end is
/// complete.
#[utoipa::path(
    get,
    path = "/mappings/export",
    tag = "Mapping",
    params(Wanted),
    responses((status = 200, description = "The mappings", content(
        (String = "text/csv"),
        (String = "application/x-ndjson"),
        (String = "application/yaml")
    )))
)]
pub(super) async fn export_mappings(
    caller: Caller,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let format = match wanted.format {
        whole @ (Format::Yaml | Format::Xlsx) => return whole_file(&caller, &wanted, whole).await,
        Format::Csv => Rows::Csv,
        Format::Ndjson => Rows::Ndjson,
    };
    let filter = MappingFilter {
        connection: wanted.connection,
        person: wanted.person,
        crm_user: wanted.crm_user,
        at: wanted.at,
    };
    let query = filter.query(caller.service.now())?;
    let first = page_of(&caller.service, &caller.actor, &query, &first_page()).await?;
    let (media_type, name) = match format {
        Rows::Csv => ("text/csv; charset=utf-8", "mappings.csv"),
        Rows::Ndjson => ("application/x-ndjson", "mappings.ndjson"),
    };
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    let body = Body::from_stream(chunks(caller, query, first, format));
    Ok((headers, body).into_response())
}

/// What cannot be written before all of it is known.
async fn whole_file(caller: &Caller, wanted: &Wanted, format: Format) -> Result<Response> {
    let Wanted {
        connection,
        person,
        crm_user,
        at,
        format: _,
    } = wanted;
    let filtered = connection.is_some() || person.is_some() || crm_user.is_some() || at.is_some();
    if filtered {
        return Err(Failure::malformed(
            "as yaml and xlsx there are no filters; leave them out, or ask for csv or ndjson",
        ));
    }
    let Caller { service, actor } = caller;
    let (bytes, media_type, name) = if format == Format::Xlsx {
        let bytes = service.export_mapping_workbook(actor).await?;
        let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        (bytes, media_type, "mappings.xlsx")
    } else {
        let bytes = service.export_mappings(actor).await?.into_bytes();
        (bytes, "application/yaml", "mappings.yaml")
    };
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// The formats that are a row for each mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    Csv,
    Ndjson,
}

fn first_page() -> PageRequest {
    PageRequest::first(LARGEST_PAGE)
}

async fn page_of(
    service: &Service,
    actor: &Actor,
    query: &MappingQuery,
    request: &PageRequest,
) -> Result<Page<MappingView>> {
    Ok(service.list_mappings(actor, query, request).await?)
}

/// The pages as text, one after the other; the first is read already, so that what hinders
/// reading at all is still a problem and no broken file.
fn chunks(
    caller: Caller,
    query: MappingQuery,
    first: Page<MappingView>,
    format: Rows,
) -> impl Stream<Item = std::result::Result<Bytes, csv::Error>> {
    let read = VecDeque::from([(first, true)]);
    stream::try_unfold(
        (caller, query, read),
        move |(caller, query, mut read)| async move {
            let Some((page, is_first)) = read.pop_front() else {
                return Ok(None);
            };
            let bytes = written(&page.items, format, is_first)?;
            if let Some(next) = page.next {
                let request = PageRequest::new(Some(next), LARGEST_PAGE);
                let page = page_of(&caller.service, &caller.actor, &query, &request)
                    .await
                    .map_err(broken_off)?;
                read.push_back((page, false));
            }
            Ok(Some((bytes, (caller, query, read))))
        },
    )
}

fn broken_off(failure: Failure) -> csv::Error {
    tracing::error!(
        code = failure.problem.code,
        detail = failure.problem.detail,
        cause = failure.cause.as_deref().unwrap_or_default(),
        "the export broke off"
    );
    csv::Error::from(std::io::Error::other(failure.problem.detail))
}

fn written(
    views: &[MappingView],
    format: Rows,
    is_first: bool,
) -> std::result::Result<Bytes, csv::Error> {
    let rows = views.iter().map(ExportRow::from);
    match format {
        Rows::Csv => {
            let mut writer = csv::WriterBuilder::new()
                .has_headers(false)
                .from_writer(Vec::new());
            if is_first {
                writer.write_record(ExportRow::COLUMNS)?;
            }
            for row in rows {
                writer.serialize(row.safe())?;
            }
            let bytes = writer
                .into_inner()
                .map_err(|error| csv::Error::from(error.into_error()))?;
            Ok(bytes.into())
        }
        Rows::Ndjson => {
            let mut bytes = Vec::new();
            for row in rows {
                serde_json::to_writer(&mut bytes, &row).map_err(std::io::Error::from)?;
                bytes.push(b'\n');
            }
            Ok(bytes.into())
        }
    }
}
