//! Organizations.

use std::num::NonZeroU32;

use async_trait::async_trait;
use counterpart_model::{Organization, OrganizationId, folding};
use counterpart_store::Organizations;
use counterpart_store::organizations::{Founded, NewOrganization};
use counterpart_store::{Result, StoreError};
use tokio_postgres::{Client, Row};

use crate::params::params;
use crate::sql::{self, ReadRow as _, to_json};
use crate::transaction::append_audit;
use crate::{PostgresStore, accounts, connections};

pub(crate) fn organization_of(row: &Row) -> Result<Organization> {
    Ok(Organization {
        id: row.read("organization_id")?,
        name: row.read("name")?,
        time_zone: row.read("time_zone")?,
        domains: row.json("domains")?,
        demo: row.read("demo")?,
        second_person_from: row
            .read::<Option<u64>>("second_person_from")?
            .and_then(|lines| u32::try_from(lines).ok())
            .and_then(NonZeroU32::new),
        created_at: row.read("created_at")?,
        data_key: row.json("data_key")?,
    })
}

#[async_trait]
impl Organizations for PostgresStore {
    async fn found_organization(&self, new: &NewOrganization) -> Result<Founded> {
        let transaction = self.transaction().await?;
        if !use_setup_link(&transaction, new).await? {
            return Ok(Founded::LinkInvalid);
        }
        if !insert_organization(&transaction, &new.organization).await? {
            return Ok(Founded::NameTaken);
        }
        if let Some(account) = &new.account
            && !accounts::insert_account(&transaction, account).await?
        {
            return Ok(Founded::AccountExists);
        }
        if let Some(membership) = &new.membership {
            if membership.organization_id != new.organization.id {
                return Err(StoreError::Misuse(
                    "a founder's membership is in another organization".into(),
                ));
            }
            accounts::upsert_membership(&transaction, membership).await?;
        }
        let organization = new.organization.id;
        connections::insert(&transaction, organization, &new.directory, 1).await?;
        append_audit(&transaction, organization, new.event.clone()).await?;
        transaction.commit().await?;
        Ok(Founded::Done)
    }

    async fn find_organization(&self, id: OrganizationId) -> Result<Option<Organization>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM organization WHERE organization_id = $1",
            &params![id],
        )
        .await?
        .as_ref()
        .map(organization_of)
        .transpose()
    }

    async fn find_organization_by_name(&self, name: &str) -> Result<Option<Organization>> {
        sql::find(
            &*self.client().await?,
            "SELECT * FROM organization WHERE name_key = $1",
            &params![folding::fold(name)],
        )
        .await?
        .as_ref()
        .map(organization_of)
        .transpose()
    }

    async fn list_organizations(&self) -> Result<Vec<Organization>> {
        sql::query(
            &*self.client().await?,
            "SELECT * FROM organization ORDER BY name_key",
            &[],
        )
        .await?
        .iter()
        .map(organization_of)
        .collect()
    }
}

fn lines_of(from: Option<NonZeroU32>) -> Option<u64> {
    from.map(|lines| u64::from(lines.get()))
}

pub(crate) async fn set_second_person(
    client: &Client,
    organization: OrganizationId,
    from: Option<NonZeroU32>,
) -> Result<()> {
    sql::execute(
        client,
        "UPDATE organization SET second_person_from = $2 WHERE organization_id = $1",
        &params![organization, lines_of(from)],
    )
    .await?;
    Ok(())
}

/// Uses the set-up link up. Without one there is nothing to check.
async fn use_setup_link(client: &Client, new: &NewOrganization) -> Result<bool> {
    let Some((hash, now)) = &new.setup_link else {
        return Ok(true);
    };
    let used = sql::execute(
        client,
        "DELETE FROM setup_link WHERE link_hash = $1 AND expires_at > $2",
        &params![hash, *now],
    )
    .await?;
    Ok(used == 1)
}

/// Adds an organization with the ends of its sequences, unless its name is taken.
async fn insert_organization(client: &Client, organization: &Organization) -> Result<bool> {
    let inserted = sql::execute(
        client,
        "INSERT INTO organization
            (organization_id, name, name_key, time_zone, domains, demo, created_at, data_key,
             second_person_from)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (name_key) DO NOTHING",
        &params![
            organization.id,
            organization.name.as_str(),
            folding::fold(&organization.name),
            organization.time_zone.as_str(),
            to_json(&organization.domains)?,
            organization.demo,
            organization.created_at,
            to_json(&organization.data_key)?,
            lines_of(organization.second_person_from),
        ],
    )
    .await?;
    if inserted == 0 {
        return Ok(false);
    }
    sql::execute(
        client,
        "INSERT INTO organization_head
            (organization_id, change_set_number, audit_sequence, audit_hash)
         VALUES ($1, 0, 0, $2)",
        &params![organization.id, &[0_u8; 32]],
    )
    .await?;
    Ok(true)
}
