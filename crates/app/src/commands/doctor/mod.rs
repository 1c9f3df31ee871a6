//! `counterpart doctor`: everything is looked at: this machine, the usual troubles, and every
//! connection.

mod machine;

use clap::Args;
use counterpart_model::{ChangeSetOrigin, CheckResult, Timestamp};
use counterpart_service::{Error, Result, Service};
use serde::Serialize;

use super::check::{Checked, Desk, Findings, Paper, all, ending, papers};
use crate::cli::Global;
use crate::output::{Ending, Output};
use crate::remote::Remote;
use crate::wiring;

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Ask nothing of any CRM
    #[arg(long)]
    offline: bool,
}

/// What the doctor found.
#[derive(Debug, Serialize)]
struct Report {
    result: CheckResult,
    /// The machine and its database; nothing of a server that is asked from afar.
    machine: Option<Findings>,
    organizations: Vec<Organization>,
}

#[derive(Debug, Serialize)]
struct Organization {
    name: String,
    troubles: Findings,
    connections: Vec<Checked>,
}

impl Organization {
    fn results(&self) -> impl Iterator<Item = CheckResult> {
        let connections = self.connections.iter().map(Checked::result);
        connections.chain([self.troubles.result])
    }
}

impl Report {
    fn new(machine: Option<Findings>, organizations: Vec<Organization>) -> Self {
        let theirs = organizations.iter().flat_map(Organization::results);
        let all = theirs.chain(machine.as_ref().map(|machine| machine.result));
        // What was skipped is no worse than what passed.
        let result = all.filter(|it| *it != CheckResult::Skipped).max();
        Self {
            result: result.unwrap_or(CheckResult::Pass),
            machine,
            organizations,
        }
    }

    fn text(&self, paper: &Paper) -> String {
        let mut parts = Vec::new();
        if let Some(machine) = &self.machine {
            parts.push(paper.findings("this machine", machine.result, &machine.checks));
        }
        for organization in &self.organizations {
            let troubles = &organization.troubles;
            parts.push(paper.findings(&organization.name, troubles.result, &troubles.checks));
            if !organization.connections.is_empty() {
                parts.push(papers(paper, &organization.connections));
            }
        }
        parts.join("\n\n")
    }
}

/// Looks at everything; 0 when all is well, 2 when somebody should look, 1 when something does
/// not work.
pub(crate) async fn run(global: &Global, args: &DoctorArgs, output: Output) -> Result<Ending> {
    let report = match Remote::of(global).await? {
        Some(remote) => {
            let name = global.url.as_ref().map(ToString::to_string);
            let name = name.unwrap_or_default();
            let organization = examine(&Desk::There(remote), name, args.offline).await?;
            Report::new(None, vec![organization])
        }
        None => here(global, args.offline).await?,
    };
    let paper = Paper::new(output);
    output.result(&report, |report| report.text(&paper));
    Ok(ending(report.result))
}

/// This machine, and every organization of its database.
async fn here(global: &Global, offline: bool) -> Result<Report> {
    let mut checks = machine::folder(global);
    if global.database.is_none() && !global.data_dir.is_dir() {
        // Opening it would make it.
        return Ok(Report::new(Some(checks.into()), Vec::new()));
    }
    let service = match wiring::service(global).await {
        Ok(service) => service,
        Err(error) => {
            checks.push(machine::no_service(&error));
            return Ok(Report::new(Some(checks.into()), Vec::new()));
        }
    };
    checks.extend(machine::database(global, &service).await);
    let mut organizations = Vec::new();
    let mut newest = Timestamp::from_micros(0);
    for organization in service.list_organizations().await? {
        if let Some(wanted) = &global.organization
            && organization.id.to_string() != *wanted
            && !organization.name.eq_ignore_ascii_case(wanted)
        {
            continue;
        }
        checks.push(machine::time_zone(&organization));
        newest = newest.max(newest_of(&service, &organization).await?);
        let desk = Desk::Here {
            service: service.clone(),
            actor: service.operator(organization.id, ChangeSetOrigin::Cli),
        };
        organizations.push(examine(&desk, organization.name, offline).await?);
    }
    checks.push(machine::clock(service.now(), newest));
    Ok(Report::new(Some(checks.into()), organizations))
}

async fn examine(desk: &Desk, name: String, offline: bool) -> Result<Organization> {
    let connections = if offline {
        Vec::new()
    } else {
        all(desk, desk.places().await?, None, false).await?
    };
    // Afterwards, so that what the checks found out of connections is known.
    let troubles = desk.troubles().await?;
    Ok(Organization {
        name,
        troubles,
        connections,
    })
}

/// The latest instant that is noted anywhere in an organization's connections.
async fn newest_of(
    service: &Service,
    organization: &counterpart_model::Organization,
) -> Result<Timestamp> {
    let actor = service.operator(organization.id, ChangeSetOrigin::Cli);
    let connections = service.list_connections(&actor).await?;
    let instants = connections
        .iter()
        .flat_map(|it| [Some(it.created_at), Some(it.health.since), it.synced_at]);
    let newest = instants.flatten().chain([organization.created_at]).max();
    newest.ok_or_else(|| Error::internal("an organization was made at some time"))
}
