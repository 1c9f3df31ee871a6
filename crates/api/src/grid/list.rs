//! `GET /grid`

use std::collections::HashMap;

use counterpart_model::{
    ConnectionId, Drift, Inconsistency as ModelInconsistency, PersonId, Situation,
};
use counterpart_service::mapping::GridRequest;
use counterpart_store::grid::GridRow as ModelRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Cell, Inconsistency};
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::Query;
use crate::paging::{Listed, PageOf, Paging, PagingParams};
use crate::people::Person;
use crate::words::{DriftCause, GridOrder};

/// Which rows are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Words that must all occur in what is known of the person or of a CRM user in its row.
    #[serde(default)]
    search: String,
    /// Only rows with a cell in one of these situations, separated by commas.
    #[serde(default)]
    #[param(example = "proposed,ambiguous")]
    situation: String,
    /// Look at this connection's cells only.
    connection: Option<Uuid>,
    /// Show the other connections' cells all the same.
    #[serde(default)]
    all_cells: bool,
    /// Only people of this department.
    department: Option<String>,
    /// Only people with a mapping that drifts for this cause, the most specific one of it.
    cause: Option<DriftCause>,
    /// Only people whose CRM users disagree.
    #[serde(default)]
    inconsistent: bool,
    /// The order of the rows; by name if nothing is said.
    #[param(inline)]
    sort: Option<GridOrder>,
}

/// One row of the grid.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GridRow {
    /// Who.
    person: Person,
    /// The person in each connection that has CRM users, by the connection's time of making.
    cells: Vec<Cell>,
    /// CRM users of the person that seem to be two human beings.
    inconsistencies: Vec<Inconsistency>,
}

impl GridRow {
    fn new(
        row: ModelRow,
        drift: &HashMap<(ConnectionId, PersonId), Drift>,
        inconsistencies: Vec<ModelInconsistency>,
    ) -> Self {
        let person = row.person.id;
        let cells = row.cells.into_iter().map(|cell| {
            let found = drift.get(&(cell.connection_id, person));
            Cell::new(cell, found)
        });
        Self {
            cells: cells.collect(),
            person: row.person.into(),
            inconsistencies: inconsistencies
                .into_iter()
                .map(Inconsistency::from)
                .collect(),
        }
    }
}

/// The grid: each person's situation in each connection, by the person's name.
///
/// People who work here now, and those who do not but are still mapped.
#[utoipa::path(
    get,
    path = "/grid",
    tag = "Mapping",
    params(Filter, PagingParams),
    responses((status = 200, description = "A page of rows", body = PageOf<GridRow>))
)]
pub(super) async fn list_grid(
    caller: Caller,
    paging: Paging,
    Query(filter): Query<Filter>,
) -> Result<Listed<GridRow>> {
    let request = GridRequest {
        search: filter.search,
        situations: situations(&filter.situation)?,
        connection_id: filter.connection.map(Into::into),
        all_cells: filter.all_cells,
        department: filter.department,
        cause: filter.cause.map(Into::into),
        inconsistent: filter.inconsistent,
        order: filter.sort.map(Into::into).unwrap_or_default(),
    };
    let page = caller
        .service
        .grid(&caller.actor, &request, &paging.request)
        .await?;
    let (drift, mut inconsistencies) = (page.drift, page.inconsistencies);
    Ok(paging.answer(page.rows.map(|row| {
        let found = inconsistencies.remove(&row.person.id);
        GridRow::new(row, &drift, found.unwrap_or_default())
    })))
}

fn situations(text: &str) -> Result<Vec<Situation>> {
    text.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| {
            word.parse().map_err(|_| {
                let known = Situation::ALL.map(Situation::as_str).join(", ");
                Failure::malformed(format!("situation: `{word}` is none; choose among {known}"))
            })
        })
        .collect()
}
