//! `counterpart organization`: tenants.

use std::num::NonZeroU32;

use clap::Subcommand;
use counterpart_service::Result;

use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// Tenants.
#[derive(Debug, Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Make an organization
    Create {
        /// What it is called
        #[arg(long)]
        name: String,
        /// Its time zone, an IANA name such as Europe/Berlin
        #[arg(long, default_value = "UTC")]
        time_zone: String,
    },
    /// List the organizations
    List,
    /// Say whether changes need a second person
    SecondPerson {
        /// From how many lines on; without it, and without --off, it is told as it is
        #[arg(long, value_name = "LINES", conflicts_with = "off")]
        from: Option<NonZeroU32>,
        /// No change needs one
        #[arg(long)]
        off: bool,
    },
}

pub(crate) async fn run(
    global: &Global,
    command: OrganizationCommand,
    output: Output,
) -> Result<Ending> {
    let service = wiring::service(global).await?;
    match command {
        OrganizationCommand::Create { name, time_zone } => {
            let made = service
                .create_organization(&name, &time_zone, false)
                .await?;
            output.result(&made, |made| format!("{}  {}", made.id, made.name));
        }
        OrganizationCommand::List => {
            let all = service.list_organizations().await?;
            output.result(&all, |all| {
                let rows: Vec<Vec<String>> = all
                    .iter()
                    .map(|it| vec![it.id.to_string(), it.name.clone(), it.time_zone.clone()])
                    .collect();
                table(&["ID", "NAME", "TIME ZONE"], &rows)
            });
        }
        OrganizationCommand::SecondPerson { from, off } => {
            let actor = service.operator_in(global.organization.as_deref()).await?;
            let organization = if from.is_some() || off {
                service.set_second_person(&actor, from).await?
            } else {
                service.organization(&actor).await?
            };
            output.result(&organization, |it| match it.second_person_from {
                Some(lines) => format!("changes of {lines} lines or more need a second person"),
                None => "no change needs a second person".to_owned(),
            });
        }
    }
    Ok(Ending::Done)
}
