//! What a record is about, as inputs of the requests that read or find it.

use counterpart_manifest::{Activity as Described, IdType, InputRule};
use counterpart_model::activity::About;
use counterpart_model::contact::ContactKind;
use serde_json::Value;

use super::{ManifestConnector, users};

impl ManifestConnector {
    /// The inputs that say what a record is about and whose it is.
    pub(super) fn about(
        &self,
        described: &Described,
        about: &About,
        owner: Option<&str>,
    ) -> Vec<(&'static str, Value)> {
        let ids = [
            ("contact_id", about.contact_id.as_deref()),
            ("lead_id", about.lead_id.as_deref()),
            ("company_id", about.company_id.as_deref()),
            ("ticket_id", about.ticket_id.as_deref()),
            ("owner", owner),
            ("about_id", nearest(about).map(|(_, id)| id)),
        ];
        let mut inputs: Vec<_> = ids
            .into_iter()
            .filter_map(|(name, id)| Some((name, self.typed_by_rule(described, name, id?))))
            .collect();
        if let Some((kind, _)) = nearest(about) {
            let rule = self.rule_of(described, "about_kind");
            let word = match rule.filter(|rule| !rule.words.is_empty()) {
                None => Some(Value::from(kind.as_str())),
                Some(rule) => rule.words.get(kind.as_str()).map(Value::from),
            };
            inputs.extend(word.map(|word| ("about_kind", word)));
        }
        inputs
    }

    /// What says which record is meant: its id, and those of what it is about.
    pub(super) fn of_record(
        &self,
        described: &Described,
        id: &str,
        about: &About,
    ) -> Vec<(&'static str, Value)> {
        let mut inputs = self.about(described, about, None);
        inputs.push(("record_id", self.typed_by_rule(described, "record_id", id)));
        inputs
    }

    fn rule_of<'a>(&'a self, described: &'a Described, name: &str) -> Option<&'a InputRule> {
        let own = described.inputs.get(name);
        own.or_else(|| self.manifest.inputs.get(name))
    }

    /// An id in the JSON type that the rules give its input.
    fn typed_by_rule(&self, described: &Described, name: &str, id: &str) -> Value {
        let rule = self.rule_of(described, name);
        let default = if name == "owner" {
            self.manifest.users.id.id_type
        } else {
            IdType::Text
        };
        let id_type = rule.and_then(|rule| rule.json_type).unwrap_or(default);
        users::id_value(id, id_type)
    }
}

/// The contact that a record is about; without one the lead, or else the company.
pub(super) fn nearest(about: &About) -> Option<(ContactKind, &str)> {
    let all = [
        (ContactKind::Contact, &about.contact_id),
        (ContactKind::Lead, &about.lead_id),
        (ContactKind::Company, &about.company_id),
    ];
    all.into_iter()
        .find_map(|(kind, id)| Some((kind, id.as_deref()?)))
}
