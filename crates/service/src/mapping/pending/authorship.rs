//! Who made or decided something, in names.

use std::fmt;

use counterpart_model::{Account, Author};

use crate::{Actor, Result, Service};

/// Who made or decided something. Reads as text: an address, a token's name with the address of
/// whoever made it, or *the command line*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorship {
    /// By ids.
    pub author: Author,
    /// The account; of a token whoever made it.
    pub account: Option<Account>,
    /// The token's name.
    pub token: Option<String>,
}

impl fmt::Display for Authorship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let email = self.account.as_ref().map(|account| account.email.as_str());
        match (&self.token, email) {
            (Some(token), Some(email)) => write!(f, "token {token} of {email}"),
            (Some(token), None) => write!(f, "token {token} of the command line"),
            (None, Some(email)) => f.write_str(email),
            (None, None) => f.write_str("the command line"),
        }
    }
}

impl Service {
    /// Who somebody is, in names.
    pub async fn authorship(&self, actor: &Actor, author: Author) -> Result<Authorship> {
        let account = match author.account_id {
            Some(id) => self.store().find_account(id).await?,
            None => None,
        };
        let token = match author.token_id {
            Some(id) => {
                let tokens = self.store().list_tokens(actor.organization()).await?;
                let token = tokens.into_iter().find(|token| token.id == id);
                Some(token.map_or_else(|| id.to_string(), |token| token.name))
            }
            None => None,
        };
        Ok(Authorship {
            author,
            account,
            token,
        })
    }
}
