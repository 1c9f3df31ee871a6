//! What narrows and orders the rows of the grid, beside situations and words.

use counterpart_model::{Page, PageRequest, Person};
use counterpart_store::grid::{GridOrder, GridQuery};
use rusqlite::Connection;
use uuid::Uuid;

use super::in_connection_of;
use crate::inconsistencies::STANDS;
use crate::query::{Query, after, key, limit, page};
use crate::{fault, rows};

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
        in_connection_of(query, "drift", wanted.connection_id);
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

/// The page of people that `query` finds, in an order.
pub(super) fn in_order(
    db: &Connection,
    mut query: Query,
    order: GridOrder,
    request: &PageRequest,
) -> fault::Result<Page<Person>> {
    match order {
        GridOrder::Name => {
            if let Some((sort_key, id)) = after::<(String, Uuid)>(request)? {
                query.with("AND (person.sort_key, person.person_id) > (?, ?)", sort_key);
                query.bind(key(id).to_vec());
            }
            query.with(
                "ORDER BY person.sort_key, person.person_id LIMIT ?",
                limit(request),
            );
            page(request, query.all(db, rows::person)?, |person| {
                (person.sort_key(), Uuid::from(person.id))
            })
        }
        GridOrder::Department => {
            if let Some((department, sort_key, id)) = after::<(String, String, Uuid)>(request)? {
                query.with(
                    "AND (person.department_key, person.sort_key, person.person_id) > (?, ?, ?)",
                    department,
                );
                query.bind(sort_key).bind(key(id).to_vec());
            }
            query.with(
                "ORDER BY person.department_key, person.sort_key, person.person_id LIMIT ?",
                limit(request),
            );
            let people = query.all(db, |row| {
                let department: String = row.get("department_key")?;
                Ok((department, rows::person(row)?))
            })?;
            let people = page(request, people, |(department, person)| {
                (department.clone(), person.sort_key(), Uuid::from(person.id))
            })?;
            Ok(people.map(|(_, person)| person))
        }
    }
}
