//! `counterpart run`: syncs that a brake held, and the word on them.

use clap::Subcommand;
use counterpart_model::{Code, Run};
use counterpart_service::sync::HeldRun;
use counterpart_service::{Actor, Error, Result, Service};
use serde::Serialize;

use super::sync::described;
use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// Syncs that would take away more users than is plausible, and wait for somebody's word.
#[derive(Debug, Subcommand)]
pub(crate) enum RunCommand {
    /// List the held syncs: how many users each would take away, and the first of them
    Held,
    /// Apply what the held sync of a connection found, this once
    Allow {
        /// Which connection, by name or id
        connection: String,
    },
    /// Change nothing; the schedule leaves the connection alone for a day
    Reject {
        /// Which connection, by name or id
        connection: String,
    },
}

/// A held run as it is listed.
#[derive(Serialize)]
struct Listed<'a> {
    connection: &'a str,
    takes_away: u64,
    names: &'a [String],
    run: &'a Run,
}

pub(crate) async fn run(global: &Global, command: RunCommand, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    match command {
        RunCommand::Held => list(&service, &actor, output).await,
        RunCommand::Allow { connection } => {
            let held = held_of(&service, &actor, &connection).await?;
            let run = service.allow_run(&actor, held.run.id).await?;
            output.result(&run, |run| described(&held.connection.name, run));
            Ok(Ending::Done)
        }
        RunCommand::Reject { connection } => {
            let held = held_of(&service, &actor, &connection).await?;
            let run = service.reject_run(&actor, held.run.id).await?;
            output.result(&run, |_| {
                format!("{}: rejected, nothing changed", held.connection.name)
            });
            Ok(Ending::Done)
        }
    }
}

async fn list(service: &Service, actor: &Actor, output: Output) -> Result<Ending> {
    let held = service.held_runs(actor).await?;
    let listed: Vec<Listed<'_>> = held
        .iter()
        .map(|held| Listed {
            connection: &held.connection.name,
            takes_away: held.takes_away,
            names: &held.names,
            run: &held.run,
        })
        .collect();
    output.result(&listed, |listed| {
        if listed.is_empty() {
            return "no sync is held".to_owned();
        }
        let rows: Vec<Vec<String>> = listed
            .iter()
            .map(|it| {
                let until = it.run.held_until.map(|until| until.to_string());
                vec![
                    it.connection.to_owned(),
                    it.takes_away.to_string(),
                    it.names.join(", "),
                    until.unwrap_or_default(),
                ]
            })
            .collect();
        table(
            &["CONNECTION", "TAKES AWAY", "FIRST OF THEM", "DECIDE BEFORE"],
            &rows,
        )
    });
    Ok(if listed.is_empty() {
        Ending::Done
    } else {
        Ending::Attention
    })
}

/// The held run of the connection of a name or id.
async fn held_of(service: &Service, actor: &Actor, name: &str) -> Result<HeldRun> {
    let connection = service.connection_named(actor, name).await?;
    let held = service.held_runs(actor).await?;
    held.into_iter()
        .find(|held| held.connection.id == connection.id)
        .ok_or_else(|| {
            Error::new(
                Code::RunNotHeld,
                format!("no sync of {} waits for a decision", connection.name),
            )
        })
}
