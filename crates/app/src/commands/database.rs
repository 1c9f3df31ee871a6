//! `counterpart db`: looking after the database.

use clap::Subcommand;
use counterpart_service::Result;
use counterpart_store_postgres::{PostgresOptions, PostgresStore};
use serde_json::json;

use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::wiring;

/// Looking after the database.
#[derive(Debug, Subcommand)]
pub(crate) enum DatabaseCommand {
    /// Bring the schema up to date. SQLite does so by itself when it is opened, after a backup
    Migrate,
}

pub(crate) async fn run(
    global: &Global,
    command: DatabaseCommand,
    output: Output,
) -> Result<Ending> {
    let DatabaseCommand::Migrate = command;
    if let Some(url) = &global.database {
        let report = PostgresStore::migrate(url, &PostgresOptions::default()).await?;
        let shown = json!({ "database": "postgresql", "from": report.from, "to": report.to });
        output.result(&shown, |_| {
            if report.from == report.to {
                format!("the schema is version {} already", report.to)
            } else {
                format!(
                    "the schema went from version {} to {}",
                    report.from, report.to
                )
            }
        });
    } else {
        wiring::service(global).await?.ping().await?;
        output.result(&json!({ "database": "sqlite" }), |_| {
            format!(
                "the database in {} is up to date",
                global.data_dir.display()
            )
        });
    }
    Ok(Ending::Done)
}
