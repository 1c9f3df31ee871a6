//! What Dynamics 365 needs beyond its manifest: one form of ids, one customer for each record, and
//! the sides of a call.

use counterpart_connector::Hooks;
use counterpart_model::activity::{Activity, Direction};
use serde_json::{Value, json};

/// The hooks that the manifest names.
pub(crate) fn hooks() -> Hooks {
    Hooks {
        normalise_id: Some(normalise_id),
        build_activity: Some(build_activity),
        ..Hooks::default()
    }
}

/// A GUID in small letters, without the braces that some tools show.
fn normalise_id(typed: &str) -> Option<String> {
    let bare = typed.trim_start_matches('{').trim_end_matches('}');
    let parts = bare.split('-').map(str::len);
    let is_hex = |c: char| c.is_ascii_hexdigit() || c == '-';
    (parts.eq([8, 4, 4, 4, 12]) && bare.chars().all(is_hex)).then(|| bare.to_ascii_lowercase())
}

/// The parties of a phone call.
const PARTIES: &str = "phonecall_activity_parties";
/// The status of a completed phone call that was made, and of one that was received.
const MADE: i64 = 2;
const RECEIVED: i64 = 4;

/// A record is about one customer: the contact, or else the lead, or else the account. The caller
/// of a call is its first side.
#[expect(
    clippy::unnecessary_wraps,
    reason = "hooks of this kind may refuse a record"
)]
fn build_activity(mut body: Value, activity: &Activity) -> Result<Value, String> {
    let about = &activity.about;
    let customers = [
        ("contact", about.contact_id.is_some()),
        ("lead", about.lead_id.is_some()),
        ("account", about.company_id.is_some()),
    ];
    let chosen = customers.iter().find(|(_, is_known)| *is_known);
    let leads_to_another = |name: &String| {
        let mut tables = customers.iter().filter(|table| Some(*table) != chosen);
        tables.any(|(table, _)| name.split(['_', '@']).any(|part| part == *table))
    };
    let is_inbound = activity.direction == Some(Direction::Inbound);
    if let Some(columns) = body.as_object_mut() {
        columns.retain(|name, _| !leads_to_another(name));
    }
    if let Some(parties) = body.get_mut(PARTIES).and_then(Value::as_array_mut) {
        parties.retain(|party| {
            let mut names = party.as_object().into_iter().flat_map(|party| party.keys());
            !names.any(leads_to_another)
        });
        for party in parties.iter_mut().filter(|_| is_inbound) {
            // 1 is who called, 2 is who was called.
            let side = party["participationtypemask"].as_i64().unwrap_or(1);
            party["participationtypemask"] = json!(3 - side);
        }
    }
    if is_inbound && body["statuscode"] == MADE {
        body["statuscode"] = json!(RECEIVED);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form_however_it_was_copied() {
        let id = "5531d753-95af-e711-a94e-000d3a11e605";
        for typed in [
            id,
            "5531D753-95AF-E711-A94E-000D3A11E605",
            "{5531D753-95AF-E711-A94E-000D3A11E605}",
        ] {
            assert_eq!(normalise_id(typed).as_deref(), Some(id));
        }
        for wrong in ["", "5531d753", "5531d753-95af-e711-a94e-000d3a11e60g"] {
            assert_eq!(normalise_id(wrong), None, "{wrong}");
        }
    }
}
