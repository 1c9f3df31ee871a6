//! `docs/connectors.md`: what each connector can do, written from the manifests.

use std::fmt::Write as _;

use counterpart_connector::{Capabilities, Capability, Connector, Registry};
use counterpart_manifest::DeliveryTier;
use counterpart_model::Side;
use counterpart_model::activity::ActivityKind;

/// What stands above the tables.
const INTRODUCTION: &str = "\
# Connectors

What Counterpart can do with each system. This page is written from the connectors' manifests, \
so it says what is there and nothing else; `counterpart connector list --json` says the same to \
programs. How to add one: [CONTRIBUTING](../CONTRIBUTING.md#add-a-connector-in-an-hour).

**Tiers.** What happens when the answer to a write is lost on the way. **A**: the write has a key \
and happens exactly once. **B**: the record is looked for by our key, and written again only when \
it is not there. **C**: neither is possible; the outcome is shown as unknown and nothing is \
repeated blindly.

**Owner read back.** After a record is written, its owner is read and compared: some systems take \
an owner who cannot be one and give the record to nobody.
";

/// The page.
pub fn document(registry: &Registry) -> String {
    let mut page = INTRODUCTION.to_owned();
    let sides = [
        ("Systems whose users are mapped to people", Side::Crm),
        ("Systems whose users are the people", Side::Platform),
        ("Systems that can be either", Side::Both),
    ];
    for (title, side) in sides {
        let of_side: Vec<_> = registry
            .all()
            .filter(|connector| connector.manifest().side == side)
            .collect();
        if of_side.is_empty() {
            continue;
        }
        line(&mut page, &format!("\n## {title}\n"));
        line(
            &mut page,
            "| System | Signing in | Users | Contacts | Writes (tier) | Besides |",
        );
        line(&mut page, "|---|---|---|---|---|---|");
        for connector in of_side {
            line(&mut page, &row(connector.as_ref()));
        }
    }
    page
}

fn line(page: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{text}");
}

fn row(connector: &dyn Connector) -> String {
    let manifest = connector.manifest();
    let can = connector.capabilities();
    let name = format!("[{}](connect/{}.md)", manifest.title, manifest.provider);
    let cells = [
        name,
        signing_in(connector),
        told(&can, &USERS),
        told(&can, &CONTACTS),
        writes(connector, &can),
        told(&can, &BESIDES),
    ];
    format!("| {} |", cells.join(" | "))
}

/// The ways of signing in, those that need an address of ours marked.
fn signing_in(connector: &dyn Connector) -> String {
    let ways = connector.manifest().sign_in.iter().map(|way| {
        let title = if way.title().is_empty() {
            "credentials"
        } else {
            way.title()
        };
        if way.authorize().is_some() {
            format!("{title} (needs a public address)")
        } else {
            title.to_owned()
        }
    });
    ways.collect::<Vec<_>>().join("; ")
}

/// Capabilities of one column, and how they are called in it.
type Column<const N: usize> = [(Capability, &'static str); N];

const USERS: Column<6> = [
    (Capability::ListUsers, "all"),
    (Capability::ChangedUsers, "changed since"),
    (Capability::GetUser, "one by id"),
    (Capability::Extensions, "extensions"),
    (Capability::Numbers, "numbers"),
    (Capability::Devices, "devices"),
];

const CONTACTS: Column<4> = [
    (Capability::FindByPhone, "by phone"),
    (Capability::FindByEmail, "by e-mail"),
    (Capability::ListContacts, "all"),
    (Capability::ChangedContacts, "changed since"),
];

const BESIDES: Column<8> = [
    (Capability::Webhooks, "webhooks in"),
    (Capability::Impersonation, "writes in the owner's name"),
    (Capability::ScreenPop, "screen pop"),
    (Capability::PlaceCall, "click to call"),
    (Capability::RecordLinks, "links to records"),
    (Capability::UserLinks, "links to users"),
    (Capability::Allowance, "requests left"),
    (Capability::Sandboxes, "recognises sandboxes"),
];

fn told(can: &Capabilities, column: &[(Capability, &'static str)]) -> String {
    let has = column.iter().filter(|(capability, _)| can.has(*capability));
    let words: Vec<_> = has.map(|(_, word)| *word).collect();
    if words.is_empty() {
        "—".to_owned()
    } else {
        words.join(", ")
    }
}

/// What is written, in the vendor's words, with the tier of each.
fn writes(connector: &dyn Connector, can: &Capabilities) -> String {
    let mut parts: Vec<_> = ActivityKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let described = connector.manifest().activity(kind)?;
            let tier = match can.delivery_of.get(&kind)? {
                DeliveryTier::A => "A",
                DeliveryTier::B => "B",
                DeliveryTier::C => "C",
            };
            let ours = kind.as_str().replace('_', " ");
            Some(if described.title.eq_ignore_ascii_case(&ours) {
                format!("{ours} ({tier})")
            } else {
                format!("{ours} as {} ({tier})", described.title)
            })
        })
        .collect();
    if parts.is_empty() {
        return "—".to_owned();
    }
    if can.has(Capability::ReadOwnerBack) {
        parts.push("owner read back".to_owned());
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    /// The page in the repository is the one that the manifests give. `UPDATE_CONNECTORS=1`
    /// writes it anew.
    #[test]
    fn the_page_of_connectors_is_up_to_date() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/connectors.md");
        let registry = crate::registry().unwrap_or_else(|error| panic!("{error}"));
        let page = super::document(&registry);
        if std::env::var_os("UPDATE_CONNECTORS").is_some() {
            std::fs::write(file, &page).expect("the page can be written");
        }
        let kept = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            kept == page,
            "docs/connectors.md is not what the manifests say; run UPDATE_CONNECTORS=1 cargo test -p counterpart-connectors document"
        );
    }

    #[test]
    fn every_connector_has_a_page_for_whoever_connects_it() {
        let registry = crate::registry().unwrap_or_else(|error| panic!("{error}"));
        for provider in registry.providers() {
            let file = format!(
                "{}/../docs/connect/{provider}.md",
                env!("CARGO_MANIFEST_DIR")
            );
            assert!(std::path::Path::new(&file).is_file(), "{file} is missing");
        }
    }
}
