//! `counterpart export`: every mapping, for other programs and for spreadsheets.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use counterpart_model::{Code, PageRequest, paging::LARGEST_PAGE};
use counterpart_service::mapping::ExportRow;
use counterpart_service::{Actor, Error, Result, Service};
use counterpart_store::mappings::MappingQuery;

use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::wiring;

/// How to write them.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// As what; as the name of the file says without it, else YAML
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Into which file; standard output without it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// All mappings and decisions, as `counterpart plan` and `apply` read them
    Yaml,
    /// A header and a row for each mapping
    Csv,
    /// A JSON object on a line for each mapping
    Ndjson,
}

pub(crate) async fn run(global: &Global, args: &ExportArgs, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    let (bytes, what) = match format_of(global, args) {
        Format::Yaml => {
            let text = service.export_mappings(&actor).await?;
            (text.into_bytes(), "mappings and decisions".to_owned())
        }
        format => {
            let rows = all_rows(&service, &actor).await?;
            (written(&rows, format)?, format!("{} mappings", rows.len()))
        }
    };
    match &args.out {
        Some(path) => {
            std::fs::write(path, bytes).map_err(|error| {
                Error::new(
                    Code::FileUnwritable,
                    format!("cannot write {}: {error}", path.display()),
                )
            })?;
            output.note(format!("{what} written to {}", path.display()));
        }
        // Whoever closed stdout, like `head`, has seen enough.
        None => drop(std::io::stdout().write_all(&bytes)),
    }
    Ok(Ending::Done)
}

/// What is asked for, else what the file's name says, else what can be applied again.
fn format_of(global: &Global, args: &ExportArgs) -> Format {
    let by_name = args
        .out
        .as_ref()
        .and_then(|path| path.extension()?.to_str())
        .and_then(|extension| match extension.to_ascii_lowercase().as_str() {
            "csv" => Some(Format::Csv),
            "ndjson" | "jsonl" => Some(Format::Ndjson),
            _ => None,
        });
    let by_default = if global.json {
        Format::Ndjson
    } else {
        Format::Yaml
    };
    args.format.or(by_name).unwrap_or(by_default)
}

async fn all_rows(service: &Service, actor: &Actor) -> Result<Vec<ExportRow>> {
    let mut rows = Vec::new();
    let mut request = PageRequest::first(LARGEST_PAGE);
    loop {
        let page = service
            .list_mappings(actor, &MappingQuery::default(), &request)
            .await?;
        rows.extend(page.items.iter().map(ExportRow::from));
        match page.next {
            Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
            None => break,
        }
    }
    rows.sort_by(|a, b| {
        (&a.connection, &a.person_name, &a.from).cmp(&(&b.connection, &b.person_name, &b.from))
    });
    Ok(rows)
}

fn written(rows: &[ExportRow], format: Format) -> Result<Vec<u8>> {
    match format {
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in rows {
                writer.serialize(row).map_err(Error::internal)?;
            }
            writer
                .into_inner()
                .map_err(|error| Error::internal(error.to_string()))
        }
        Format::Yaml | Format::Ndjson => {
            let mut bytes = Vec::new();
            for row in rows {
                serde_json::to_writer(&mut bytes, row).map_err(Error::internal)?;
                bytes.push(b'\n');
            }
            Ok(bytes)
        }
    }
}
