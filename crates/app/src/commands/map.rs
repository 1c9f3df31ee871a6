//! `counterpart map`: mappings one by one.

use clap::{Args, Subcommand};
use counterpart_model::{
    ChangeSet, CrmUserId, MappingId, PageRequest, Period, Timestamp, paging::LARGEST_PAGE,
};
use counterpart_service::mapping::{ExportRow, MappingView};
use counterpart_service::{Actor, Result, Service};
use counterpart_store::mappings::MappingQuery;
use serde::Serialize;

use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// Mappings one by one.
#[derive(Debug, Subcommand)]
pub(crate) enum MapCommand {
    /// List mappings
    List(ListArgs),
    /// Map a person to a CRM user, instead of whoever it is mapped to
    Add(AddArgs),
    /// Take a mapping away that never was right
    Remove(RemoveArgs),
    /// Accept every proposal that is certain, as one change set
    Accept(AcceptArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Of this connection only, by name or id
    #[arg(long)]
    connection: Option<String>,
    /// Of this person only: name, e-mail address, external id, extension or id
    #[arg(long)]
    person: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// In which connection, by name or id
    #[arg(long)]
    connection: String,
    /// Who: name, e-mail address, external id, extension or id
    #[arg(long)]
    person: String,
    /// The CRM's id of the user
    #[arg(long, value_name = "ID")]
    crm_user: String,
    /// From when on (2026-11-22T09:30:00Z); since always without it
    #[arg(long)]
    from: Option<Timestamp>,
    /// Until when; without end without it
    #[arg(long)]
    to: Option<Timestamp>,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// The mapping's id, as listed
    id: MappingId,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AcceptArgs {
    /// In this connection only, by name or id
    #[arg(long)]
    connection: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    id: MappingId,
    #[serde(flatten)]
    row: ExportRow,
}

pub(crate) async fn run(global: &Global, command: MapCommand, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    match command {
        MapCommand::List(args) => list(&service, &actor, &args, output).await?,
        MapCommand::Add(args) => {
            let applied = add(&service, &actor, args).await?;
            output.result(&applied, told);
        }
        MapCommand::Remove(args) => {
            let applied = service
                .remove_mapping(&actor, args.id, None, args.reason)
                .await?;
            output.result(&applied, told);
        }
        MapCommand::Accept(args) => {
            let connection = match &args.connection {
                Some(name) => Some(service.connection_named(&actor, name).await?.id),
                None => None,
            };
            let applied = service.accept_certain(&actor, connection).await?;
            output.result(&applied, told);
        }
    }
    Ok(Ending::Done)
}

async fn list(service: &Service, actor: &Actor, args: &ListArgs, output: Output) -> Result<()> {
    let mut query = MappingQuery::default();
    if let Some(name) = &args.connection {
        query.connection_id = Some(service.connection_named(actor, name).await?.id);
    }
    if let Some(text) = &args.person {
        query.person_id = Some(service.person_named(actor, text).await?.id);
    }
    let mut listed = Vec::new();
    let mut request = PageRequest::first(LARGEST_PAGE);
    loop {
        let page = service.list_mappings(actor, &query, &request).await?;
        listed.extend(page.items.iter().map(listed_of));
        match page.next {
            Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
            None => break,
        }
    }
    output.result(&listed, |listed| {
        let rows: Vec<Vec<String>> = listed
            .iter()
            .map(|it| {
                vec![
                    it.row.connection.clone(),
                    it.row.person_name.clone(),
                    it.row.crm_user_name.clone(),
                    it.row.crm_user_id.clone(),
                    it.row.from.clone(),
                    it.row.to.clone(),
                    it.id.to_string(),
                ]
            })
            .collect();
        table(
            &[
                "CONNECTION",
                "PERSON",
                "CRM USER",
                "CRM ID",
                "FROM",
                "TO",
                "ID",
            ],
            &rows,
        )
    });
    Ok(())
}

fn listed_of(view: &MappingView) -> Listed {
    Listed {
        id: view.mapping.id,
        row: ExportRow::from(view),
    }
}

async fn add(service: &Service, actor: &Actor, args: AddArgs) -> Result<ChangeSet> {
    let connection = service.connection_named(actor, &args.connection).await?;
    let person = service.person_named(actor, &args.person).await?;
    let period = Period::new(
        args.from.unwrap_or(Timestamp::ALWAYS),
        args.to.unwrap_or(Timestamp::FOREVER),
    )?;
    let crm_user = CrmUserId(args.crm_user);
    service
        .add_mapping(
            actor,
            connection.id,
            person.id,
            crm_user,
            period,
            args.reason,
        )
        .await
}

fn told(applied: &ChangeSet) -> String {
    format!(
        "change set {} applied: {} changes",
        applied.number, applied.line_count
    )
}
