//! One card per connection: how many of its people are settled.

use askama::Template;
use counterpart_model::{ConnectionId, ConnectionState, Environment, Situation};
use counterpart_service::mapping::{ConnectionCounts, Overview};
use serde::Deserialize;

use crate::problem::Answer;
use crate::providers::Provider;
use crate::request::{Asked, address};
use crate::session::Portal;
use crate::shell::show as show_page;
use crate::words::{self, Tone, grouped};

/// The cards, as a piece of a page that is refreshed when something changes.
#[derive(Template)]
#[template(path = "mapping/cards.html")]
pub(crate) struct Cards {
    /// Where they are read anew.
    pub(crate) refresh: String,
    pub(crate) cards: Vec<Card>,
}

/// How people stand in one connection.
pub(crate) struct Card {
    pub(crate) name: String,
    pub(crate) provider: Provider,
    pub(crate) sandbox: bool,
    pub(crate) path: String,
    /// Whether the page looks at this connection alone.
    pub(crate) here: bool,
    pub(crate) of: String,
    /// The same in percent.
    pub(crate) share: String,
    pub(crate) bar: Vec<Segment>,
    /// What is left, in words.
    pub(crate) line: String,
    /// What is wrong with the connection, where it is.
    pub(crate) trouble: Option<Trouble>,
}

/// A piece of a bar, in percent of its length.
pub(crate) struct Segment {
    pub(crate) tone: Tone,
    pub(crate) from: String,
    pub(crate) width: String,
}

/// What is wrong with a connection.
pub(crate) struct Trouble {
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
    pub(crate) detail: String,
}

/// What the page around the cards asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    show: String,
    #[serde(default)]
    connection: String,
}

/// `GET /o/{organization}/mapping/cards`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    let focus: Option<ConnectionId> = query.connection.parse().ok();
    let overview = portal.service.overview(&portal.actor, focus).await?;
    show_page(&Cards::new(&portal, &overview, &query.show, focus))
}

impl Cards {
    /// The cards of an overview; following one keeps what is shown.
    pub(crate) fn new(
        portal: &Portal,
        overview: &Overview,
        show: &str,
        focus: Option<ConnectionId>,
    ) -> Self {
        let base = portal.path("/mapping");
        let focus_text = focus.map(|id| id.to_string()).unwrap_or_default();
        let refresh = address(
            &format!("{base}/cards"),
            &[("show", show), ("connection", &focus_text)],
        );
        let cards = overview
            .connections
            .iter()
            .map(|counts| {
                let here = focus == Some(counts.connection.id);
                let id = counts.connection.id.to_string();
                let to = if here { "" } else { id.as_str() };
                let path = address(&base, &[("show", show), ("connection", to)]);
                card(portal, counts, path, here)
            })
            .collect();
        Self { refresh, cards }
    }
}

fn card(portal: &Portal, counts: &ConnectionCounts, path: String, here: bool) -> Card {
    let connection = &counts.connection;
    let of = |situation| counts.in_situation(situation);
    let look = of(Situation::Ambiguous) + of(Situation::Held);
    let total = counts.total() - of(Situation::Ignored);
    let parts = [
        ("done", of(Situation::Mapped)),
        ("proposed", of(Situation::Proposed)),
        ("look", look),
        ("broken", of(Situation::Drifted)),
    ];
    let left = [
        (of(Situation::Proposed), "likely"),
        (look, "unclear"),
        (of(Situation::Drifted), "drifted"),
        (of(Situation::Unmapped), "open"),
        (of(Situation::Ignored), "without account"),
    ];
    let line: Vec<String> = left
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{} {word}", grouped(number)))
        .collect();
    let line = match (connection.synced_at, line.is_empty()) {
        (None, _) => "not synced yet".to_owned(),
        (Some(_), true) => "everybody is settled".to_owned(),
        (Some(_), false) => line.join(" · "),
    };
    Card {
        name: connection.name.clone(),
        provider: Provider::named(&portal.service, &connection.provider),
        sandbox: connection.environment == Environment::Sandbox,
        path,
        here,
        of: format!("{} of {}", grouped(of(Situation::Mapped)), grouped(total)),
        share: words::share(of(Situation::Mapped), total),
        bar: segments(&parts, total),
        line,
        trouble: trouble(counts),
    }
}

/// The pieces of a bar that is `total` long.
#[expect(
    clippy::cast_precision_loss,
    reason = "a bar needs no more than three digits"
)]
fn segments(parts: &[(Tone, u64)], total: u64) -> Vec<Segment> {
    let share = |number: u64| number as f64 * 100.0 / total.max(1) as f64;
    let mut from = 0;
    parts
        .iter()
        .filter(|(_, number)| *number > 0)
        .map(|(tone, number)| {
            let segment = Segment {
                tone,
                from: format!("{:.2}", share(from)),
                width: format!("{:.2}", share(*number)),
            };
            from += number;
            segment
        })
        .collect()
}

fn trouble(counts: &ConnectionCounts) -> Option<Trouble> {
    let health = &counts.connection.health;
    let (word, tone) = words::connection(health.state);
    matches!(
        health.state,
        ConnectionState::Broken | ConnectionState::Troubled | ConnectionState::Held
    )
    .then(|| Trouble {
        word,
        tone,
        detail: words::sentence(health.detail.as_deref().unwrap_or_else(|| {
            health
                .code
                .map_or("look at the connection", counterpart_model::Code::title)
        })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_bar_follow_each_other() {
        let bar = segments(&[("done", 50), ("look", 0), ("broken", 25)], 100);
        let drawn: Vec<(&str, &str, &str)> = bar
            .iter()
            .map(|piece| (piece.tone, piece.from.as_str(), piece.width.as_str()))
            .collect();
        assert_eq!(
            drawn,
            [("done", "0.00", "50.00"), ("broken", "50.00", "25.00")]
        );
    }

    #[test]
    fn a_bar_without_anybody_is_empty() {
        assert!(segments(&[("done", 0)], 0).is_empty());
    }
}
