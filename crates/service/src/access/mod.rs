//! Who gets in, and what they may do.

mod accounts;
mod organizations;
mod passwords;
mod sessions;
mod throttle;
mod tokens;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use counterpart_model::audit::AuditEvent;
use counterpart_model::{
    AccountId, Author, ChangeSetOrigin, Code, Entropy, OrganizationId, Role, TokenId, entropy,
};
use sha2::{Digest as _, Sha256};

use crate::{Error, Result, Service};

pub use organizations::SetUp;
pub use sessions::{SESSION_SECONDS, SignedIn};
pub use tokens::NewToken;

/// Who asks, in which organization, with which role. Made only here, so that holding one proves
/// that somebody checked.
#[derive(Debug, Clone)]
pub struct Actor {
    organization: OrganizationId,
    account: Option<AccountId>,
    /// The token, with whose account made it.
    token: Option<(TokenId, Option<AccountId>)>,
    role: Role,
    origin: ChangeSetOrigin,
}

impl Actor {
    /// The organization the actor acts in; everything else is out of sight.
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The account, unless it is a token or the operator of the machine.
    pub const fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// Who stands behind the actor: a token is whoever made it.
    pub fn author(&self) -> Author {
        match self.token {
            Some((token, maker)) => Author {
                account_id: maker,
                token_id: Some(token),
            },
            None => Author {
                account_id: self.account,
                token_id: None,
            },
        }
    }

    /// What the actor may do.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// From which edge the actor comes.
    pub const fn origin(&self) -> ChangeSetOrigin {
        self.origin
    }

    /// The same, for what a file that the actor sent says.
    pub(crate) fn by_import(&self) -> Self {
        Self {
            origin: ChangeSetOrigin::Import,
            ..self.clone()
        }
    }

    /// Fails unless the actor has `role` or one above it.
    pub fn require(&self, role: Role) -> Result<()> {
        if self.role >= role {
            return Ok(());
        }
        Err(Error::new(
            Code::AuthForbidden,
            format!("this needs the role {role}; yours is {}", self.role),
        ))
    }

    /// The account whose draft is edited.
    pub(crate) fn require_account(&self) -> Result<AccountId> {
        self.account.ok_or_else(|| {
            Error::new(
                Code::AuthForbidden,
                "drafts belong to accounts; sign in with one",
            )
        })
    }
}

impl Service {
    /// The operator of the machine: whoever can start the binary on the data folder may do
    /// everything in every organization.
    pub fn operator(&self, organization: OrganizationId, origin: ChangeSetOrigin) -> Actor {
        Actor {
            organization,
            account: None,
            token: None,
            role: Role::Owner,
            origin,
        }
    }

    /// An entry for the audit chain: `action` is a stable word, `details` holds no secret.
    pub(crate) fn audit_event(
        &self,
        account: Option<AccountId>,
        action: &str,
        details: impl Into<String>,
    ) -> AuditEvent {
        AuditEvent {
            at: self.now(),
            account_id: account,
            action: action.to_owned(),
            details: details.into(),
            salt: entropy::bytes(self.entropy()),
        }
    }

    /// Writes an entry of its own to the audit chain.
    pub(crate) async fn audit(
        &self,
        organization: OrganizationId,
        event: AuditEvent,
    ) -> Result<()> {
        let mut work = self.store().begin(organization).await?;
        work.append_audit(event).await?;
        Ok(work.commit().await?)
    }
}

/// 32 random bytes as text that fits into URLs and cookies.
pub(crate) fn random_text(entropy: &dyn Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy::bytes::<32>(entropy))
}

/// The hash under which a random text is kept. It has 256 bits of entropy, so that a plain hash
/// is enough.
fn hash_of(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
