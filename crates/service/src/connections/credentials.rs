//! Sealing what comes in and opening what goes out. Nothing else sees a credential.

use counterpart_connector::Credentials;
use counterpart_model::{ConnectionId, OrganizationId, Sealed, sealed::WrappedKey};
use counterpart_outbound::Bound;
use secrecy::SecretString;

use super::OWN;
use crate::{Error, Result, Service};

impl Service {
    /// The organization's data key, still sealed under the master key.
    pub(crate) async fn data_key(&self, organization: OrganizationId) -> Result<WrappedKey> {
        self.store()
            .find_organization(organization)
            .await?
            .map(|organization| organization.data_key)
            .ok_or_else(|| Error::internal(format!("organization {organization} is gone")))
    }

    /// Seals a credential to its place.
    pub(super) fn seal(
        &self,
        key: &WrappedKey,
        organization_id: OrganizationId,
        connection_id: ConnectionId,
        field: &str,
        value: &SecretString,
    ) -> Result<Sealed> {
        let bound = Bound {
            organization_id,
            connection_id,
            field,
        };
        Ok(self.parts.vault.seal(key, bound, value, self.entropy())?)
    }

    /// Opens the credential of a name, if it is kept.
    pub(super) async fn open_credential(
        &self,
        key: &WrappedKey,
        organization_id: OrganizationId,
        connection_id: ConnectionId,
        field: &str,
    ) -> Result<Option<SecretString>> {
        let kept = self
            .store()
            .load_credentials(organization_id, connection_id)
            .await?;
        let Some((_, sealed)) = kept.into_iter().find(|(name, _)| name == field) else {
            return Ok(None);
        };
        let bound = Bound {
            organization_id,
            connection_id,
            field,
        };
        Ok(Some(self.parts.vault.open(key, bound, &sealed)?))
    }

    /// Opens the credentials of a connection that forms and connectors know.
    pub(super) async fn open_credentials(
        &self,
        key: &WrappedKey,
        organization_id: OrganizationId,
        connection_id: ConnectionId,
    ) -> Result<Credentials> {
        let mut opened = Credentials::new();
        for (name, sealed) in self
            .store()
            .load_credentials(organization_id, connection_id)
            .await?
        {
            if name.starts_with(OWN) {
                continue;
            }
            let bound = Bound {
                organization_id,
                connection_id,
                field: &name,
            };
            let value = self.parts.vault.open(key, bound, &sealed)?;
            opened.insert(name, value);
        }
        Ok(opened)
    }
}
