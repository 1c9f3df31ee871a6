//! The secrets that messages are signed with: made, sealed, opened.

use counterpart_model::webhook::OldSecret;
use counterpart_model::{ConnectionId, OrganizationId, Sealed, Webhook, WebhookId, entropy};
use counterpart_outbound::Bound;
use counterpart_signing::Secret;
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::{Error, Result, Service};

/// Where in its webhook the secret belongs.
const FIELD: &str = "webhook secret";

/// The place to which a webhook's secret is bound. Ids are never given out twice, whatever they
/// are of, and no credential of a connection has this name.
fn place(organization_id: OrganizationId, id: WebhookId) -> Bound<'static> {
    Bound {
        organization_id,
        connection_id: ConnectionId::from(Uuid::from(id)),
        field: FIELD,
    }
}

impl Service {
    /// A new secret, as it is shown once and as it is kept.
    pub(super) async fn new_secret(
        &self,
        organization: OrganizationId,
        id: WebhookId,
    ) -> Result<(SecretString, Sealed)> {
        let secret = Secret::from_random(entropy::bytes(self.entropy())).to_text();
        let key = self.data_key(organization).await?;
        let place = place(organization, id);
        let sealed = self
            .parts
            .vault
            .seal(&key, place, &secret, self.entropy())?;
        Ok((secret, sealed))
    }

    /// The secrets that sign for a webhook now: its own, and one that was replaced lately.
    pub(super) async fn signing_secrets(
        &self,
        organization: OrganizationId,
        webhook: &Webhook,
    ) -> Result<Vec<Secret>> {
        let key = self.data_key(organization).await?;
        let open = |sealed: &Sealed| -> Result<Secret> {
            let place = place(organization, webhook.id);
            let text = self.parts.vault.open(&key, place, sealed)?;
            text.expose_secret().parse().map_err(Error::internal)
        };
        let mut secrets = vec![open(&webhook.secret)?];
        if let Some(OldSecret { sealed, until }) = &webhook.old_secret
            && *until > self.now()
        {
            secrets.push(open(sealed)?);
        }
        Ok(secrets)
    }
}
