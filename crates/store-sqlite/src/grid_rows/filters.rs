//! What narrows the rows of the grid, beside situations and words.

use counterpart_store::grid::GridQuery;

use crate::inconsistencies::STANDS;
use crate::query::{Query, key};

/// Adds the conditions on department, cause of drift and inconsistency.
pub(super) fn add(query: &mut Query, wanted: &GridQuery) {
    if let Some(department) = &wanted.department {
        query.with("AND person.department_key = ?", department.clone());
    }
    if let Some(cause) = wanted.cause {
        query.with(
            "AND EXISTS (SELECT 1 FROM drift JOIN mapping USING (organization_id, mapping_id) \
             WHERE drift.organization_id = person.organization_id \
             AND drift.person_id = person.person_id AND drift.is_primary AND drift.cause = ?",
            cause.as_str().to_owned(),
        );
        if let Some(connection) = wanted.connection_id {
            query.with("AND drift.connection_id = ?", key(connection).to_vec());
        }
        query.text(")");
    }
    if wanted.inconsistent {
        query.text(
            "AND EXISTS (SELECT 1 FROM inconsistency \
             WHERE inconsistency.organization_id = person.organization_id \
             AND inconsistency.person_id = person.person_id AND",
        );
        query.text(STANDS);
        if let Some(connection) = wanted.connection_id {
            query.with(
                "AND ? IN (inconsistency.connection_id, inconsistency.other_connection_id)",
                key(connection).to_vec(),
            );
        }
        query.text(")");
    }
}
