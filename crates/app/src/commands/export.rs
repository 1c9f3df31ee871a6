//! `counterpart export`: every mapping, for other programs and for spreadsheets.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use counterpart_model::Code;
use counterpart_service::{Actor, Error, Result, Service};

use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::remote::Remote;
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
    /// The same as a workbook, with every cell as text; needs --out
    Xlsx,
    /// A JSON object on a line for each mapping
    Ndjson,
}

impl Format {
    /// Its name in the API.
    const fn name(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ndjson => "ndjson",
        }
    }

    /// What is in it.
    const fn words(self) -> &'static str {
        match self {
            Self::Yaml => "mappings and decisions",
            Self::Csv | Self::Xlsx | Self::Ndjson => "mappings",
        }
    }
}

pub(crate) async fn run(global: &Global, args: &ExportArgs, output: Output) -> Result<Ending> {
    let format = format_of(global, args);
    if format == Format::Xlsx && args.out.is_none() {
        let detail = "a workbook goes into a file: say which with --out mappings.xlsx";
        return Err(Error::new(Code::Usage, detail));
    }
    let bytes = match Remote::of(global).await? {
        Some(remote) => {
            let asked = [("format", format.name())];
            remote.download("mappings/export", &asked).await?
        }
        None => written(global, format).await?,
    };
    match &args.out {
        Some(path) => {
            std::fs::write(path, bytes).map_err(|error| {
                Error::new(
                    Code::FileUnwritable,
                    format!("cannot write {}: {error}", path.display()),
                )
            })?;
            output.note(format!("{} written to {}", format.words(), path.display()));
        }
        // Whoever closed stdout, like `head`, has seen enough.
        None => drop(std::io::stdout().write_all(&bytes)),
    }
    Ok(Ending::Done)
}

async fn written(global: &Global, format: Format) -> Result<Vec<u8>> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    match format {
        Format::Yaml => Ok(service.export_mappings(&actor).await?.into_bytes()),
        Format::Csv => service.export_mapping_table(&actor).await,
        Format::Xlsx => service.export_mapping_workbook(&actor).await,
        Format::Ndjson => lines(&service, &actor).await,
    }
}

/// What is asked for, else what the file's name says, else what can be applied again.
fn format_of(global: &Global, args: &ExportArgs) -> Format {
    let by_name = args
        .out
        .as_ref()
        .and_then(|path| path.extension()?.to_str())
        .and_then(|extension| match extension.to_ascii_lowercase().as_str() {
            "csv" => Some(Format::Csv),
            "xlsx" => Some(Format::Xlsx),
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

/// A JSON object on a line for each mapping, in the order of the table.
async fn lines(service: &Service, actor: &Actor) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for row in service.export_rows(actor).await? {
        serde_json::to_writer(&mut bytes, &row).map_err(Error::internal)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}
