//! `counterpart organization`: tenants.

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
    }
    Ok(Ending::Done)
}
