//! What narrows and orders the rows of the grid, beside situations and words. Parameters are those
//! of the statement in `grid_rows`: `$1` organization, `$2` connection, `$5` and `$6` the cursor.

use counterpart_model::{Page, PageRequest, Person, PersonId};
use counterpart_store::Result;
use counterpart_store::grid::{GridOrder, GridQuery};
use tokio_postgres::Row;

use crate::cursor;
use crate::inconsistencies::STANDS;
use crate::params::Param;
use crate::people::{SortKey, person_of, sorted_page};
use crate::sql::ReadRow as _;

/// What rows are sorted by when departments come first.
type DepartmentKey = (String, String, PersonId);

/// The conditions on department, cause of drift and inconsistency; their values are added to
/// `params`.
pub(super) fn conditions(query: &GridQuery, params: &mut Vec<Param>) -> String {
    let mut conditions = Vec::new();
    if let Some(department) = &query.department {
        params.push(Param::new(department.as_str()));
        conditions.push(format!(" AND person.department_key = ${}", params.len()));
    }
    if let Some(cause) = query.cause {
        params.push(Param::new(cause.as_str()));
        conditions.push(format!(
            " AND (person.person_id IN (
                SELECT d.person_id FROM drift AS d JOIN mapping USING (organization_id, mapping_id)
                WHERE d.organization_id = $1 AND d.is_primary AND d.cause = ${}
                  AND ($2::uuid IS NULL OR d.connection_id = $2)
             )) IS TRUE",
            params.len()
        ));
    }
    if query.inconsistent {
        conditions.push(format!(
            " AND (person.person_id IN (
                SELECT i.person_id FROM inconsistency AS i
                WHERE i.organization_id = $1
                  AND ($2::uuid IS NULL OR $2 IN (i.connection_id, i.other_connection_id))
                  AND {STANDS}
             )) IS TRUE"
        ));
    }
    conditions.concat()
}

/// The parts of a cursor of an order: department, sort key, id.
pub(super) fn after(
    order: GridOrder,
    page: &PageRequest,
) -> Result<(Option<String>, Option<String>, Option<PersonId>)> {
    match order {
        GridOrder::Name => {
            let (key, id) = cursor::after::<SortKey<PersonId>>(page)?.unzip();
            Ok((None, key, id))
        }
        GridOrder::Department => Ok(match cursor::after::<DepartmentKey>(page)? {
            Some((department, key, id)) => (Some(department), Some(key), Some(id)),
            None => (None, None, None),
        }),
    }
}

/// Where the page begins, and the order of its rows.
pub(super) fn order(order: GridOrder, department: Option<&str>, params: &mut Vec<Param>) -> String {
    match order {
        GridOrder::Name => {
            "AND ($5::text IS NULL OR (person.sort_key, person.person_id) > ($5, $6))
             ORDER BY person.sort_key, person.person_id"
                .to_owned()
        }
        GridOrder::Department => {
            params.push(Param::new(department));
            let number = params.len();
            format!(
                "AND (${number}::text IS NULL
                      OR (person.department_key, person.sort_key, person.person_id)
                       > (${number}, $5, $6))
                 ORDER BY person.department_key, person.sort_key, person.person_id"
            )
        }
    }
}

/// The page made of rows in an order.
pub(super) fn page_of(
    order: GridOrder,
    request: &PageRequest,
    rows: &[Row],
) -> Result<Page<Person>> {
    if order == GridOrder::Name {
        return sorted_page::<_, PersonId>(request, rows, "person_id", person_of);
    }
    let mut people = Vec::with_capacity(rows.len());
    for row in rows {
        let key: DepartmentKey = (
            row.read("department_key")?,
            row.read("sort_key")?,
            row.read("person_id")?,
        );
        people.push((key, person_of(row)?));
    }
    let page = cursor::page(request, people, |(key, _)| key.clone())?;
    Ok(page.map(|(_, person)| person))
}
