//! `/o/{organization}/connections/new`: choosing what to connect.

use askama::Template;
use counterpart_connector::{Capabilities, Capability, Connector};
use counterpart_manifest::DeliveryTier;
use counterpart_model::activity::ActivityKind;
use counterpart_model::{Role, Side, folding};
use counterpart_service::Service;
use counterpart_service::connections::Suite;
use serde::Deserialize;

use crate::problem::Answer;
use crate::providers::Provider;
use crate::request::Asked;
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::words::{self, count};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "connections/gallery.html")]
struct Page {
    shell: Shell,
    base: String,
    search: String,
    /// How many connectors fit, in words.
    found: String,
    groups: Vec<Group>,
}

/// The connectors of one side.
struct Group {
    title: &'static str,
    lead: &'static str,
    suites: Vec<SuiteCard>,
    cards: Vec<Card>,
}

/// One sign-in for several products.
struct SuiteCard {
    path: String,
    title: String,
    products: Vec<Provider>,
    names: String,
}

struct Card {
    path: String,
    provider: Provider,
    /// What it is used for, in a sentence.
    what: String,
    /// Whether signing in needs an address that the vendor can reach, and the class of its words.
    sign_in: (&'static str, &'static str),
    delivery: Option<DeliveryView>,
    /// Everything that it can do.
    all: Vec<&'static str>,
}

/// What happens to a write whose answer was lost.
pub(super) struct DeliveryView {
    /// The tier, or the best and the worst of those of several kinds of record.
    pub(super) tiers: String,
    /// What that means.
    pub(super) meaning: String,
}

/// What a card names: that by which connectors differ for those who choose one.
const TELLING: [Capability; 15] = [
    Capability::ListUsers,
    Capability::Write(ActivityKind::Call),
    Capability::Write(ActivityKind::Ticket),
    Capability::Write(ActivityKind::TicketNote),
    Capability::Write(ActivityKind::TimeEntry),
    Capability::Write(ActivityKind::Note),
    Capability::Write(ActivityKind::Task),
    Capability::Extensions,
    Capability::Numbers,
    Capability::Devices,
    Capability::FindByPhone,
    Capability::Impersonation,
    Capability::ScreenPop,
    Capability::PlaceCall,
    Capability::Webhooks,
];

/// `GET /o/{organization}/connections/new`
pub(super) async fn show(portal: Portal, Asked(query): Asked<Query>) -> Answer {
    portal.actor.require(Role::Admin)?;
    let wanted = folding::fold(query.q.trim());
    let base = portal.path("/connections/new");
    let service = &portal.service;
    let groups = [Side::Crm, Side::Both, Side::Platform].map(|side| {
        let (title, lead) = words_of(side);
        Group {
            title,
            lead,
            suites: suites(service, &base, side, &wanted),
            cards: cards(service, &base, side, &wanted),
        }
    });
    let mut groups = Vec::from(groups);
    groups.retain(|group| !group.cards.is_empty() || !group.suites.is_empty());
    let fit: usize = groups.iter().map(|group| group.cards.len()).sum();
    show_page(&Page {
        shell: portal.shell(Place::Connections, "Connect a system").await?,
        found: count(fit as u64, "connector", "connectors"),
        search: query.q,
        groups,
        base,
    })
}

const fn words_of(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Crm => (
            "CRMs and service desks",
            "Their users are mapped to your people.",
        ),
        Side::Platform => (
            "Phone and sales platforms",
            "Their users are your people: they are added, and kept as they are there.",
        ),
        Side::Both => (
            "Both at once",
            "Their users are your people, and can be mapped as well.",
        ),
    }
}

fn fits(wanted: &str, name: &str, title: &str) -> bool {
    folding::fold(title).contains(wanted) || name.contains(wanted)
}

fn cards(service: &Service, base: &str, side: Side, wanted: &str) -> Vec<Card> {
    let mut cards: Vec<_> = service
        .connectors()
        .all()
        .filter(|connector| connector.manifest().side == side)
        .filter(|connector| {
            let manifest = connector.manifest();
            let suite = manifest.suite.as_ref();
            fits(wanted, &manifest.provider, &manifest.title)
                || suite.is_some_and(|suite| fits(wanted, &suite.name, &suite.title))
        })
        .map(|connector| card(connector.as_ref(), base))
        .collect();
    cards.sort_by_key(|card| folding::fold(&card.provider.title));
    cards
}

fn card(connector: &dyn Connector, base: &str) -> Card {
    let capabilities = connector.capabilities();
    let provider = Provider::of(connector.manifest());
    let sign_in = if capabilities.has(Capability::SignInWithoutPublicAddress) {
        ("needs no public address", "muted")
    } else {
        ("needs a public address", "is-look")
    };
    Card {
        path: format!("{base}/{}", provider.name),
        what: telling(&capabilities),
        sign_in,
        delivery: delivery(&capabilities),
        all: titles(&capabilities),
        provider,
    }
}

/// Everything that a connector can do, in the order it is shown.
pub(super) fn titles(capabilities: &Capabilities) -> Vec<&'static str> {
    Capability::all()
        .filter(|capability| capabilities.has(*capability))
        .map(Capability::title)
        .collect()
}

/// What a connector is used for, as one sentence.
fn telling(capabilities: &Capabilities) -> String {
    // Every connector lists users: that is worth a word only where nothing is written.
    let writes = ActivityKind::ALL.map(Capability::Write);
    let writes = writes.into_iter().any(|write| capabilities.has(write));
    let titles = TELLING
        .into_iter()
        .filter(|capability| !(writes && *capability == Capability::ListUsers))
        .filter(|capability| capabilities.has(*capability))
        .map(Capability::title);
    let mut sentence = String::new();
    for title in titles {
        if sentence.is_empty() {
            sentence.push_str(title);
        } else {
            sentence.push_str(", ");
            sentence.push_str(&words::inside(title));
        }
    }
    sentence
}

/// How sure writes are; `None` where nothing is written.
pub(super) fn delivery(capabilities: &Capabilities) -> Option<DeliveryView> {
    let mut tiers: Vec<_> = capabilities.delivery_of.values().copied().collect();
    tiers.sort_by_key(|tier| letter(*tier));
    tiers.dedup();
    let (best, worst) = (*tiers.first()?, *tiers.last()?);
    let meanings: Vec<_> = tiers
        .iter()
        .map(|tier| format!("{}: {}", letter(*tier), meaning(*tier)))
        .collect();
    Some(DeliveryView {
        tiers: if best == worst {
            letter(best).to_owned()
        } else {
            format!("{}–{}", letter(best), letter(worst))
        },
        meaning: meanings.join("; "),
    })
}

/// A tier's letter.
pub(super) const fn letter(tier: DeliveryTier) -> &'static str {
    match tier {
        DeliveryTier::A => "A",
        DeliveryTier::B => "B",
        DeliveryTier::C => "C",
    }
}

/// What a tier promises when the answer to a write is lost.
pub(super) const fn meaning(tier: DeliveryTier) -> &'static str {
    match tier {
        DeliveryTier::A => "written exactly once",
        DeliveryTier::B => "looked for, and written again only if it is not there",
        DeliveryTier::C => "shown as unknown, never written twice",
    }
}

fn suites(service: &Service, base: &str, side: Side, wanted: &str) -> Vec<SuiteCard> {
    let suites = service.suites().into_iter().map(|suite| {
        let products = products_of(service, &suite);
        (suite, products)
    });
    suites
        .filter(|(suite, _)| side_of(service, suite) == Some(side))
        .filter(|(suite, products)| {
            let mut products = products.iter();
            fits(wanted, &suite.name, &suite.title)
                || products.any(|product| fits(wanted, &product.name, &product.title))
        })
        .map(|(suite, products)| SuiteCard {
            path: format!("{base}/suite/{}", suite.name),
            names: short_titles(&products).join(", "),
            title: suite.title,
            products,
        })
        .collect()
}

/// The products of a suite, as pages show them.
pub(super) fn products_of(service: &Service, suite: &Suite) -> Vec<Provider> {
    let names = suite.products.iter();
    names.map(|name| Provider::named(service, name)).collect()
}

fn side_of(service: &Service, suite: &Suite) -> Option<Side> {
    let first = service.connectors().get(suite.products.first()?)?;
    Some(first.manifest().side)
}

/// The titles of products without the words that all of them begin with: the vendor's name.
pub(super) fn short_titles(products: &[Provider]) -> Vec<String> {
    let words: Vec<Vec<&str>> = products
        .iter()
        .map(|product| product.title.split(' ').collect())
        .collect();
    let shortest = words.iter().map(Vec::len).min().unwrap_or(1);
    let common = (0..shortest.saturating_sub(1))
        .take_while(|at| words.iter().all(|title| title[*at] == words[0][*at]))
        .count();
    words
        .iter()
        .map(|title| title[common..].join(" "))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(title: &str) -> Provider {
        Provider {
            title: title.to_owned(),
            ..Provider::default()
        }
    }

    #[test]
    fn products_lose_the_words_that_all_of_them_begin_with_and_never_their_last() {
        let titles = ["Acme Sales", "Acme Desk"].map(titled);
        assert_eq!(short_titles(&titles), ["Sales", "Desk"]);
        let titles = ["Acme", "Acme Desk"].map(titled);
        assert_eq!(short_titles(&titles), ["Acme", "Acme Desk"]);
        let titles = ["Sales", "Desk"].map(titled);
        assert_eq!(short_titles(&titles), ["Sales", "Desk"]);
    }
}
