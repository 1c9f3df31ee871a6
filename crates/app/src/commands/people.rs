//! `counterpart people`: people from a file.

use std::path::PathBuf;

use clap::Subcommand;
use counterpart_model::Code;
use counterpart_service::people::FilePlan;
use counterpart_service::{Error, Result};
use serde_json::{Value, json};

use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::wiring;

/// People from a file.
#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Add and change people by a CSV file; columns are found by their names
    Import {
        /// The file
        file: PathBuf,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
    },
}

pub(crate) async fn run(global: &Global, command: PeopleCommand, output: Output) -> Result<Ending> {
    let PeopleCommand::Import { file, dry_run } = command;
    let bytes = std::fs::read(&file).map_err(|error| {
        Error::new(
            Code::FileUnreadable,
            format!("cannot read {}: {error}", file.display()),
        )
    })?;
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    let found = service
        .plan_file_import(&actor, &bytes)
        .await
        .map_err(|error| {
            Error::new(
                error.code(),
                format!("{}: {}", file.display(), error.detail()),
            )
        })?;
    let nothing = found.plan.add.is_empty() && found.plan.change.is_empty();
    let wrong = !found.plan.problems.is_empty();
    if !dry_run && !nothing && !wrong {
        let reason = file
            .file_name()
            .map(|name| format!("imported {}", name.to_string_lossy()));
        service.apply_import(&actor, &found.plan, reason).await?;
    }
    output.result(&as_json(&found), |_| as_text(&found, dry_run));
    if wrong && !dry_run {
        return Err(Error::new(
            Code::PersonInvalid,
            format!(
                "nothing was imported: {} problems",
                found.plan.problems.len()
            ),
        ));
    }
    let changes = !nothing || wrong;
    Ok(if dry_run && changes {
        Ending::Attention
    } else {
        Ending::Done
    })
}

fn as_json(found: &FilePlan) -> Value {
    let columns: serde_json::Map<String, Value> = found
        .columns
        .iter()
        .map(|(header, field)| (header.clone(), json!(field.to_string())))
        .collect();
    let problems: Vec<Value> = found
        .plan
        .problems
        .iter()
        .map(|(line, it)| json!({ "line": line, "field": it.field, "message": it.message }))
        .collect();
    json!({
        "columns": columns,
        "add": found.plan.add.len(),
        "change": found.plan.change.len(),
        "same": found.plan.same,
        "problems": problems,
    })
}

fn as_text(found: &FilePlan, dry_run: bool) -> String {
    let would = if dry_run { "would be " } else { "" };
    let columns: Vec<String> = found
        .columns
        .iter()
        .map(|(header, field)| format!("{header} → {field}"))
        .collect();
    let mut lines = vec![
        format!("columns: {}", columns.join(", ")),
        format!(
            "{} people {would}added, {} {would}changed, {} as they were",
            found.plan.add.len(),
            found.plan.change.len(),
            found.plan.same
        ),
    ];
    lines.extend(
        found
            .plan
            .problems
            .iter()
            .map(|(line, it)| format!("  line {line}: {}: {}", it.field, it.message)),
    );
    lines.join("\n")
}
