//! `counterpart account`: who signs in to the portal.

use clap::Subcommand;
use counterpart_model::{Code, Role};
use counterpart_service::{Error, Result};

use super::password_from_stdin;
use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// Who signs in to the portal.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Make an account and give it a role in the organization
    Create {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// What it may do: owner, admin or viewer
        #[arg(long)]
        role: Role,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set a new password and end the account's sessions
    Password {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the accounts of the organization
    List,
}

pub(crate) async fn run(
    global: &Global,
    command: AccountCommand,
    output: Output,
) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    match command {
        AccountCommand::Create {
            email,
            role,
            password_stdin,
        } => {
            let password = if password_stdin {
                password_from_stdin()?
            } else {
                return Err(ask());
            };
            let account = service
                .create_account(&actor, &email, password, role)
                .await?;
            output.result(&account, |account| {
                format!("{}  {} ({role})", account.id, account.email)
            });
        }
        AccountCommand::Password {
            email,
            password_stdin,
        } => {
            let password = if password_stdin {
                password_from_stdin()?
            } else {
                return Err(ask());
            };
            service.set_password(&actor, &email, password).await?;
            output.note(format!(
                "{email} has a new password; its sessions have ended"
            ));
        }
        AccountCommand::List => {
            let members = service.list_members(&actor).await?;
            output.result(&members, |members| {
                let rows: Vec<Vec<String>> = members
                    .iter()
                    .map(|(account, member)| vec![account.email.clone(), member.role.to_string()])
                    .collect();
                table(&["E-MAIL", "ROLE"], &rows)
            });
        }
    }
    Ok(Ending::Done)
}

/// Passwords never stand on the command line, where every user of the machine can read them.
fn ask() -> Error {
    Error::new(
        Code::Usage,
        "give --password-stdin and pipe the password in",
    )
}
