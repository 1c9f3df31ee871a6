//! Tokens for the API.

use counterpart_model::{ApiToken, ChangeSetOrigin, Code, Role, TokenId};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Actor, hash_of, random_text};
use crate::{Error, Result, Service};

/// What every token begins with, so that leaked ones are found by scanners.
const PREFIX: &str = "cpt_";

/// A token as it is shown once.
#[derive(Debug)]
pub struct NewToken {
    /// What is kept of it.
    pub token: ApiToken,
    /// The token itself. Nobody can show it again.
    pub secret: SecretString,
}

impl Service {
    /// Makes a token for the actor's organization. Owners only; a token has at most the role of
    /// its maker.
    pub async fn create_token(&self, actor: &Actor, name: &str, role: Role) -> Result<NewToken> {
        actor.require(Role::Owner)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(Error::field(
                Code::RequestInvalid,
                "name",
                "say in 1 to 100 characters what the token is for",
            ));
        }
        let secret = format!("{PREFIX}{}", random_text(self.entropy()));
        let token = ApiToken {
            id: TokenId::generate(self.clock(), self.entropy()),
            token_hash: hash_of(&secret),
            organization_id: actor.organization(),
            role,
            name: name.to_owned(),
            created_at: self.now(),
            created_by: actor.author().account_id,
            revoked_at: None,
        };
        self.store().put_token(&token).await?;
        let event = self.audit_event(actor.account(), "token.created", format!("{name} ({role})"));
        self.audit(actor.organization(), event).await?;
        Ok(NewToken {
            token,
            secret: secret.into(),
        })
    }

    /// The tokens of the actor's organization, newest first.
    pub async fn list_tokens(&self, actor: &Actor) -> Result<Vec<ApiToken>> {
        actor.require(Role::Owner)?;
        Ok(self.store().list_tokens(actor.organization()).await?)
    }

    /// Makes a token useless from now on.
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<()> {
        actor.require(Role::Owner)?;
        if !self
            .store()
            .revoke_token(actor.organization(), id, self.now())
            .await?
        {
            return Err(Error::new(
                Code::RequestNotFound,
                format!("there is no valid token {id}"),
            ));
        }
        let event = self.audit_event(actor.account(), "token.revoked", id.to_string());
        self.audit(actor.organization(), event).await
    }

    /// The actor behind a token.
    pub async fn actor_of_token(&self, token: &SecretString) -> Result<Actor> {
        let token = self
            .store()
            .find_token(&hash_of(token.expose_secret()))
            .await?
            .ok_or_else(|| Error::new(Code::AuthRequired, "the token is unknown or was revoked"))?;
        Ok(Actor {
            organization: token.organization_id,
            account: None,
            token: Some((token.id, token.created_by)),
            role: token.role,
            origin: ChangeSetOrigin::Api,
        })
    }
}
