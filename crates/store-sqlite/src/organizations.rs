//! Organizations.

use std::num::NonZeroU32;

use async_trait::async_trait;
use counterpart_model::folding::fold;
use counterpart_model::{Organization, OrganizationId};
use counterpart_store::organizations::{Founded, NewOrganization};
use counterpart_store::{Organizations, Result};
use rusqlite::{Connection, params};

use crate::query::{all, execute, exists, first, key};
use crate::{SqliteStore, accounts, audit, connections, fault, rows};

fn found(db: &Connection, new: &NewOrganization) -> fault::Result<Founded> {
    let organization = &new.organization;
    let name_key = fold(&organization.name);
    if let Some((hash, now)) = &new.setup_link {
        let sql = "SELECT 1 FROM setup_link WHERE link_hash = ? AND expires_at > ?";
        if !exists(db, sql, params![hash, now.as_micros()])? {
            return Ok(Founded::LinkInvalid);
        }
    }
    let sql = "SELECT 1 FROM organization WHERE name_key = ?";
    if exists(db, sql, [&name_key])? {
        return Ok(Founded::NameTaken);
    }
    if let Some(account) = &new.account
        && accounts::is_taken(db, &account.email)?
    {
        return Ok(Founded::AccountExists);
    }
    insert(db, organization, &name_key)?;
    if let Some(account) = &new.account {
        accounts::create(db, account)?;
    }
    if let Some(membership) = &new.membership {
        accounts::put_membership(db, membership)?;
    }
    connections::insert(db, organization.id, &new.directory)?;
    if let Some((hash, _)) = &new.setup_link {
        execute(db, "DELETE FROM setup_link WHERE link_hash = ?", [hash])?;
    }
    audit::append(db, organization.id, new.event.clone())?;
    Ok(Founded::Done)
}

fn insert(db: &Connection, organization: &Organization, name_key: &str) -> fault::Result<()> {
    let id = key(organization.id);
    let sql = "INSERT INTO organization \
        (organization_id, name, name_key, time_zone, domains, demo, created_at, data_key, \
        second_person_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        id,
        organization.name,
        name_key,
        organization.time_zone,
        serde_json::to_string(&organization.domains)?,
        organization.demo,
        organization.created_at.as_micros(),
        serde_json::to_string(&organization.data_key)?,
        organization.second_person_from.map(NonZeroU32::get)
    ];
    execute(db, sql, values)?;
    let sql = "INSERT INTO organization_head \
        (organization_id, change_set_number, audit_sequence, audit_hash) VALUES (?, 0, 0, ?)";
    execute(db, sql, params![id, [0_u8; 32]])?;
    Ok(())
}

pub(crate) fn set_second_person(
    db: &Connection,
    organization: OrganizationId,
    from: Option<NonZeroU32>,
) -> fault::Result<()> {
    let sql = "UPDATE organization SET second_person_from = ? WHERE organization_id = ?";
    let values = params![from.map(NonZeroU32::get), key(organization)];
    execute(db, sql, values)?;
    Ok(())
}

#[async_trait]
impl Organizations for SqliteStore {
    async fn found_organization(&self, new: &NewOrganization) -> Result<Founded> {
        let new = new.clone();
        self.write(move |db| found(db, &new)).await
    }

    async fn find_organization(&self, id: OrganizationId) -> Result<Option<Organization>> {
        let sql = format!(
            "SELECT {} FROM organization WHERE organization_id = ?",
            rows::ORGANIZATION
        );
        self.read(move |db| first(db, &sql, [key(id)], rows::organization))
            .await
    }

    async fn find_organization_by_name(&self, name: &str) -> Result<Option<Organization>> {
        let sql = format!(
            "SELECT {} FROM organization WHERE name_key = ?",
            rows::ORGANIZATION
        );
        let name_key = fold(name);
        self.read(move |db| first(db, &sql, [name_key], rows::organization))
            .await
    }

    async fn list_organizations(&self) -> Result<Vec<Organization>> {
        let sql = format!(
            "SELECT {} FROM organization ORDER BY name_key",
            rows::ORGANIZATION
        );
        self.read(move |db| all(db, &sql, [], rows::organization))
            .await
    }
}
