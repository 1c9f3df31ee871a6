//! The form that narrows the grid, with what can be chosen there.

use counterpart_model::DriftCause;
use counterpart_service::mapping::Overview;
use counterpart_store::grid::GridOrder;

use super::filter::Query;
use crate::problem::Problem;
use crate::session::Portal;
use crate::words::{drift_cause, grouped};

/// A choice: its value, its words, whether it is the chosen one.
pub(super) type Choice = (String, String, bool);

/// What the grid can be narrowed and sorted by.
pub(super) struct Filters {
    /// Whether anything is chosen.
    pub(super) active: bool,
    pub(super) connections: Vec<Choice>,
    pub(super) departments: Vec<Choice>,
    pub(super) causes: Vec<Choice>,
    pub(super) orders: Vec<Choice>,
    pub(super) wide: bool,
    /// Every connection's column: its name, whether it is shown, and the way to change that.
    pub(super) columns: Vec<(String, bool, String)>,
    /// What the form keeps.
    pub(super) kept: Vec<(&'static str, String)>,
    /// The way to choose nothing again.
    pub(super) clear: String,
}

impl Filters {
    /// The form of a grid that is asked `query`.
    pub(super) async fn of(
        portal: &Portal,
        overview: &Overview,
        query: &Query,
    ) -> Result<Self, Problem> {
        let base = portal.path("/mapping");
        let hidden = query.hidden();
        let departments = portal.service.list_departments(&portal.actor).await?;
        let cleared = Query {
            q: query.q.clone(),
            show: query.show.clone(),
            ..Query::default()
        };
        Ok(Self {
            active: query.is_filtered(),
            connections: overview
                .connections
                .iter()
                .map(|counts| {
                    let connection = &counts.connection;
                    let here = query.focus() == Some(connection.id);
                    (connection.id.to_string(), connection.name.clone(), here)
                })
                .collect(),
            departments: departments
                .into_iter()
                .map(|name| (name.clone(), name.clone(), name == query.department))
                .collect(),
            causes: causes(overview, query),
            orders: GridOrder::ALL
                .into_iter()
                .map(|order| {
                    let here = order.as_str() == query.sort;
                    (
                        order.as_str().to_owned(),
                        order_word(order).to_owned(),
                        here,
                    )
                })
                .collect(),
            wide: query.wide == "on",
            columns: overview
                .connections
                .iter()
                .map(|counts| {
                    let connection = &counts.connection;
                    let shown = !hidden.contains(&connection.id);
                    let path = query.with(&base, "hide", &query.hiding(connection.id, shown));
                    (connection.name.clone(), shown, path)
                })
                .collect(),
            kept: query.kept(&["connection", "department", "cause", "sort", "wide"]),
            clear: cleared.with(&base, "hide", ""),
        })
    }
}

/// The causes for which anything drifts, and the one that is chosen.
fn causes(overview: &Overview, query: &Query) -> Vec<Choice> {
    let number = |cause: DriftCause| -> u64 {
        let counted = overview.drift.iter().filter(|count| {
            count.cause == cause && query.focus().is_none_or(|id| id == count.connection_id)
        });
        counted.map(|count| count.mappings).sum()
    };
    DriftCause::ALL
        .into_iter()
        .map(|cause| (cause, number(cause), cause.as_str() == query.cause))
        .filter(|(_, number, here)| *number > 0 || *here)
        .map(|(cause, number, here)| {
            let words = format!("{} ({})", drift_cause(cause), grouped(number));
            (cause.as_str().to_owned(), words, here)
        })
        .collect()
}

const fn order_word(order: GridOrder) -> &'static str {
    match order {
        GridOrder::Name => "Name",
        GridOrder::Department => "Department",
    }
}
