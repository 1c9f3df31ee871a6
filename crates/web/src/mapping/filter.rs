//! What the grid is narrowed to, as it stands in its address.

use std::collections::HashSet;

use counterpart_model::{ConnectionId, DriftCause, Situation};
use counterpart_service::mapping::GridRequest;
use counterpart_store::grid::GridOrder;
use serde::Deserialize;

use crate::request::address;

/// The tab of everybody whom somebody should look at.
pub(super) const NEEDS_YOU: &str = "needs-you";
/// The tab of people whose CRM users disagree.
pub(super) const INCONSISTENT: &str = "inconsistent";

/// What the grid is asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    pub(super) q: String,
    pub(super) show: String,
    pub(super) connection: String,
    pub(super) department: String,
    pub(super) cause: String,
    pub(super) sort: String,
    /// The connections whose columns are hidden, by id, separated by commas.
    pub(super) hide: String,
    /// `on` to show the other columns though one connection is looked at.
    pub(super) wide: String,
    pub(super) after: String,
    /// The change set that was saved just now.
    pub(super) saved: Option<u64>,
    /// How many proposals were put into the draft just now.
    pub(super) accepted: Option<u64>,
}

impl Query {
    /// Everything that a link to the same view keeps.
    pub(super) fn asked(&self) -> [(&'static str, &str); 8] {
        [
            ("q", &self.q),
            ("show", &self.show),
            ("connection", &self.connection),
            ("department", &self.department),
            ("cause", &self.cause),
            ("sort", &self.sort),
            ("hide", &self.hide),
            ("wide", &self.wide),
        ]
    }

    /// The address of the same view with one thing otherwise.
    pub(super) fn with(&self, base: &str, name: &str, value: &str) -> String {
        let mut asked = self.asked();
        for (known, standing) in &mut asked {
            if *known == name {
                *standing = value;
            }
        }
        address(base, &asked)
    }

    /// What stands behind the question mark of the view's address; empty for everybody.
    pub(super) fn text(&self) -> String {
        address("", &self.asked())
            .trim_start_matches('?')
            .to_owned()
    }

    /// What is kept in forms that change only `names`.
    pub(super) fn kept(&self, names: &[&str]) -> Vec<(&'static str, String)> {
        self.asked()
            .into_iter()
            .filter(|(name, value)| !value.is_empty() && !names.contains(name))
            .map(|(name, value)| (name, value.to_owned()))
            .collect()
    }

    /// The connection that is looked at alone.
    pub(super) fn focus(&self) -> Option<ConnectionId> {
        self.connection.parse().ok()
    }

    /// Whether anything beside a tab, a search and a connection narrows it or sorts it.
    pub(super) fn is_filtered(&self) -> bool {
        let all = [&self.department, &self.cause, &self.sort, &self.wide];
        all.iter().any(|value| !value.is_empty()) || !self.hide.is_empty()
    }

    /// The connections whose columns are hidden.
    pub(super) fn hidden(&self) -> HashSet<ConnectionId> {
        self.hide
            .split(',')
            .filter_map(|id| id.parse().ok())
            .collect()
    }

    /// The list of hidden connections with one hidden, or shown again.
    pub(super) fn hiding(&self, connection: ConnectionId, hide: bool) -> String {
        let mut hidden: Vec<ConnectionId> = self
            .hidden()
            .into_iter()
            .filter(|id| *id != connection)
            .collect();
        if hide {
            hidden.push(connection);
        }
        hidden.sort_unstable();
        let hidden: Vec<String> = hidden.iter().map(ToString::to_string).collect();
        hidden.join(",")
    }

    /// The rows that are wanted.
    pub(super) fn request(&self) -> GridRequest {
        GridRequest {
            search: self.q.clone(),
            situations: situations(&self.show),
            connection_id: self.focus(),
            all_cells: self.wide == "on",
            department: Some(self.department.clone()).filter(|name| !name.trim().is_empty()),
            cause: self.cause.parse::<DriftCause>().ok(),
            inconsistent: self.show == INCONSISTENT,
            order: GridOrder::ALL
                .into_iter()
                .find(|order| order.as_str() == self.sort)
                .unwrap_or_default(),
        }
    }
}

/// The situations of a tab.
fn situations(show: &str) -> Vec<Situation> {
    if show == NEEDS_YOU {
        return Situation::ALL
            .into_iter()
            .filter(|known| known.needs_somebody())
            .collect();
    }
    show.parse().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_everything_but_what_it_changes() {
        let query = Query {
            q: "ann".to_owned(),
            show: "drifted".to_owned(),
            after: "somewhere".to_owned(),
            ..Query::default()
        };
        assert_eq!(query.with("/m", "show", ""), "/m?q=ann");
        assert_eq!(query.text(), "q=ann&show=drifted");
        assert_eq!(query.kept(&["q"]), [("show", "drifted".to_owned())]);
    }

    #[test]
    fn columns_are_hidden_and_shown_again() {
        let id: ConnectionId = "01890a5d-ac96-774b-bcce-b302099a8057"
            .parse()
            .expect("an id");
        let mut query = Query::default();
        query.hide = query.hiding(id, true);
        assert!(query.hidden().contains(&id));
        assert_eq!(query.hiding(id, false), "");
    }
}
