//! A run that waits for somebody's word, as it stands on the overview and the connection's page.

use counterpart_service::sync::HeldRun;

use crate::session::Portal;
use crate::times::Moment;
use crate::words::grouped;

/// A held run with what is needed to decide.
pub(crate) struct HeldView {
    pub(crate) connection: String,
    /// Where the run is; its verbs are below.
    pub(crate) path: String,
    /// Why it was stopped.
    pub(crate) why: String,
    pub(crate) began: Moment,
    /// How many it would take away.
    pub(crate) takes_away: String,
    /// The first of them.
    pub(crate) names: String,
    /// How many more there are; empty when all are named.
    pub(crate) more: String,
    /// Until when it waits.
    pub(crate) until: Option<Moment>,
}

impl HeldView {
    pub(crate) fn new(portal: &Portal, held: &HeldRun) -> Self {
        let more = held.takes_away.saturating_sub(held.names.len() as u64);
        Self {
            connection: held.connection.name.clone(),
            path: portal.path(&format!(
                "/connections/{}/runs/{}",
                held.connection.id, held.run.id
            )),
            why: held
                .run
                .failure
                .as_ref()
                .map(|failure| crate::words::sentence(&failure.detail))
                .unwrap_or_default(),
            began: portal.times.moment(held.run.started_at),
            takes_away: grouped(held.takes_away),
            names: held.names.join(", "),
            more: if more > 0 {
                grouped(more)
            } else {
                String::new()
            },
            until: held.run.held_until.map(|at| portal.times.moment(at)),
        }
    }
}
