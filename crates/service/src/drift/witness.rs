//! Witnesses: what is known of both sides when a pair is made or confirmed.

use counterpart_model::{Connection, CrmUser, Identity, Person, PersonId, Witness};

use crate::{Actor, Result, Service};

impl Service {
    /// The witness of a person and a CRM user as both are known now.
    pub(crate) async fn witness(
        &self,
        actor: &Actor,
        connection: &Connection,
        crm_user: &CrmUser,
        person: PersonId,
    ) -> Result<Witness> {
        let found = self.person(actor, person).await?;
        let identities = self
            .store()
            .list_identities(actor.organization(), &[person])
            .await?;
        Ok(self.witness_of(connection, crm_user, &found, &identities))
    }

    /// The same of a person that is at hand.
    pub(crate) fn witness_of(
        &self,
        connection: &Connection,
        crm_user: &CrmUser,
        person: &Person,
        identities: &[Identity],
    ) -> Witness {
        let remote_org = connection.remote_org.as_ref().map(|org| org.id.as_str());
        Witness::of(
            &crm_user.profile,
            person,
            identities,
            remote_org,
            self.now(),
        )
    }
}
