//! The audit chain of an organization.

use counterpart_model::OrganizationId;
use counterpart_model::audit::{AuditEvent, ChainEnd};
use rusqlite::{Connection, params};

use crate::fault::{Fault, Result};
use crate::query::{execute, first, key, number};
use crate::rows::count;

/// Adds an entry behind the last one.
pub(crate) fn append(
    db: &Connection,
    organization: OrganizationId,
    event: AuditEvent,
) -> Result<()> {
    let id = key(organization);
    let sql = "SELECT audit_sequence, audit_hash FROM organization_head WHERE organization_id = ?";
    let end = first(db, sql, [id], |row| {
        Ok(ChainEnd {
            sequence: count(row, 0)?,
            hash: row.get(1)?,
        })
    })?;
    let end = end.ok_or_else(|| Fault::misuse("the organization does not exist"))?;
    let entry = end.append(event);
    let sql = "INSERT INTO audit_entry \
        (organization_id, sequence, at, account_id, action, details, salt, hash) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let event = &entry.event;
    let values = params![
        id,
        number(entry.sequence),
        event.at.as_micros(),
        event.account_id.map(key),
        event.action,
        event.details,
        event.salt,
        entry.hash
    ];
    execute(db, sql, values)?;
    let sql = "UPDATE organization_head SET audit_sequence = ?, audit_hash = ? \
        WHERE organization_id = ?";
    execute(db, sql, params![number(entry.sequence), entry.hash, id])?;
    Ok(())
}
