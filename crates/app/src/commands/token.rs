//! `counterpart token`: keys for the API.

use clap::Subcommand;
use counterpart_model::{Role, TokenId};
use counterpart_service::Result;
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::cli::Global;
use crate::output::{Ending, Output, table};
use crate::wiring;

/// Keys for the API.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token; it is shown once
    Create {
        /// What it may do: owner, admin or viewer
        #[arg(long)]
        role: Role,
        /// What it is for
        #[arg(long, default_value = "made on the command line")]
        name: String,
    },
    /// List the tokens
    List,
    /// Make a token useless
    Revoke {
        /// Its id, as listed
        id: TokenId,
    },
}

pub(crate) async fn run(global: &Global, command: TokenCommand, output: Output) -> Result<Ending> {
    let service = wiring::service(global).await?;
    let actor = service.operator_in(global.organization.as_deref()).await?;
    match command {
        TokenCommand::Create { role, name } => {
            let made = service.create_token(&actor, &name, role).await?;
            let shown = json!({
                "id": made.token.id,
                "organization_id": made.token.organization_id,
                "role": made.token.role,
                "name": made.token.name,
                "token": made.secret.expose_secret(),
            });
            output.result(&shown, |_| made.secret.expose_secret().to_owned());
        }
        TokenCommand::List => {
            let tokens = service.list_tokens(&actor).await?;
            output.result(&tokens, |tokens| {
                let rows: Vec<Vec<String>> = tokens
                    .iter()
                    .map(|token| {
                        vec![
                            token.id.to_string(),
                            token.role.to_string(),
                            token.name.clone(),
                            token
                                .revoked_at
                                .map_or_else(|| "valid".to_owned(), |at| format!("revoked {at}")),
                        ]
                    })
                    .collect();
                table(&["ID", "ROLE", "FOR", "STATE"], &rows)
            });
        }
        TokenCommand::Revoke { id } => {
            service.revoke_token(&actor, id).await?;
            output.note(format!("token {id} is useless now"));
        }
    }
    Ok(Ending::Done)
}
