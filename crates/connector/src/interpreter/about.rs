//! What a record is about, as inputs of the requests that look for it.

use counterpart_manifest::{Activity as Described, RequestTemplate};
use counterpart_model::activity::Activity;
use serde_json::Value;

use super::ManifestConnector;

/// The inputs that are ids of what a record is about.
const ABOUT: [&str; 4] = ["contact_id", "lead_id", "company_id", "ticket_id"];

/// Whether an address leads through what a record is about.
pub(super) fn is_below_another(request: &RequestTemplate) -> bool {
    request.path.inputs().any(|name| ABOUT.contains(&name))
}

impl ManifestConnector {
    /// The ids of what a record is about, and its owner's.
    pub(super) fn about_inputs(
        &self,
        described: &Described,
        activity: Option<&Activity>,
    ) -> Vec<(&'static str, Value)> {
        let Some(activity) = activity else {
            return Vec::new();
        };
        let about = &activity.about;
        [
            ("contact_id", about.contact_id.as_deref()),
            ("lead_id", about.lead_id.as_deref()),
            ("company_id", about.company_id.as_deref()),
            ("ticket_id", about.ticket_id.as_deref()),
            ("owner", Some(activity.owner.id.0.as_str())),
        ]
        .into_iter()
        .filter_map(|(name, id)| Some((name, self.typed_by_rule(described, name, id?))))
        .collect()
    }
}
