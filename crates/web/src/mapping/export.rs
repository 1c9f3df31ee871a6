//! `/o/{organization}/mapping/export`: all mappings as a file.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use counterpart_model::Code;
use counterpart_service::Error;
use serde::Deserialize;

use crate::problem::Answer;
use crate::request::Asked;
use crate::session::Portal;

#[derive(Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    format: String,
}

/// `GET /o/{organization}/mapping/export?format=yaml|csv|xlsx`
pub(super) async fn download(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let Portal { service, actor, .. } = &portal;
    let (bytes, media_type, name) = match query.format.as_str() {
        "" | "yaml" => (
            service.export_mappings(actor).await?.into_bytes(),
            "application/yaml",
            "mappings.yaml",
        ),
        "csv" => (
            service.export_mapping_table(actor).await?,
            "text/csv; charset=utf-8",
            "mappings.csv",
        ),
        "xlsx" => (
            service.export_mapping_workbook(actor).await?,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "mappings.xlsx",
        ),
        other => {
            let detail = format!("`{other}` is no format; ask for yaml, csv or xlsx");
            return Err(Error::new(Code::RequestInvalid, detail).into());
        }
    };
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}
