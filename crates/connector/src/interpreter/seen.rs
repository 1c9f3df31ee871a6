//! What answers show of the way they came: the vendor's clock, its certificate, the version of
//! its API and what is said of that version's end.

use counterpart_manifest::{Part, Template};
use counterpart_model::Timestamp;

use super::ManifestConnector;
use super::classify::Answer;
use super::inputs::Inputs;
use super::render;
use crate::{Access, SessionState, WayThere};

/// How much of a header is kept, in characters.
const EXCERPT: usize = 200;

/// What the answers of a test showed, the first of each.
pub(super) struct Seen {
    pub(super) clock_ahead_seconds: Option<i64>,
    pub(super) way: WayThere,
}

impl Seen {
    /// What is known before an answer came.
    pub(super) fn new(
        connector: &ManifestConnector,
        access: &Access<'_>,
        session: Option<&SessionState>,
    ) -> Self {
        let manifest = &connector.manifest;
        let inputs = Inputs::new(manifest, access, session);
        let list = manifest.users.full.requests.first();
        let base =
            list.and_then(|request| render::base_address(manifest, &request.host, &inputs).ok());
        let in_address = base.as_ref().and_then(|base| version_in(base.path()));
        let in_request = || list.and_then(|request| version_of(&request.path));
        Self {
            clock_ahead_seconds: None,
            way: WayThere {
                address: base.map(|base| base.origin().ascii_serialization()),
                api_version: in_address.or_else(in_request),
                ..WayThere::default()
            },
        }
    }

    /// Takes from an answer, which came at `now`, what none before it showed.
    pub(super) fn look_at(&mut self, answer: Option<&Answer>, now: Timestamp) {
        let Some(answer) = answer else { return };
        let ahead = |theirs: Timestamp| theirs.seconds_since(now);
        self.clock_ahead_seconds = self
            .clock_ahead_seconds
            .or_else(|| answer.server_time.map(ahead));
        let way = &mut self.way;
        way.certificate_ends_at = way.certificate_ends_at.or(answer.certificate_ends);
        if way.retirement.is_none() {
            way.retirement = retirement(answer);
        }
    }
}

/// What an answer says of the end of what was asked.
fn retirement(answer: &Answer) -> Option<String> {
    let told = ["sunset", "deprecation", "warning"].map(|name| {
        let value = answer.header(name)?.trim();
        // Of warnings only those of no particular kind (299) speak of the API.
        let speaks = name != "warning" || value.starts_with("299");
        let cut: String = value.chars().take(EXCERPT).collect();
        (speaks && !cut.is_empty()).then(|| format!("{name}: {cut}"))
    });
    let told: Vec<_> = told.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn version_of(path: &Template) -> Option<String> {
    path.parts().iter().find_map(|part| match part {
        Part::Text(text) => version_in(text),
        Part::Input(_) => None,
    })
}

/// The first segment of a path that names a version: `v2`, `V1.0`, `3.0`.
fn version_in(path: &str) -> Option<String> {
    let is_version = |segment: &&str| {
        let number = segment.strip_prefix(['v', 'V']).unwrap_or(segment);
        let named = number.len() < segment.len() || number.contains('.');
        let mut parts = number.split('.');
        named && parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    path.split('/').find(is_version).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_version_is_known_among_the_segments_of_a_path() {
        for (path, version) in [
            ("/services/data/v62.0/query", Some("v62.0")),
            ("/ATServicesRest/V1.0/Resources/query", Some("V1.0")),
            ("/v4_6_release/apis/3.0/system/members", Some("3.0")),
            ("/api/now/table/sys_user", None),
            ("/json/2/res.users/search_read", None),
            ("/v/users", None),
            ("/x1.2.beta/users", None),
        ] {
            assert_eq!(version_in(path).as_deref(), version, "{path}");
        }
    }

    #[test]
    fn the_end_of_a_version_is_told_by_headers() {
        let headers = [
            ("Sunset", "Sat, 31 Dec 2033 23:59:59 GMT"),
            ("Warning", "299 - \"version 30 is retired soon\""),
        ];
        let told = retirement(&Answer::recorded(Value::Null, &headers));
        let told = told.expect("something is told");
        assert!(
            told.contains("2033") && told.contains("retired soon"),
            "{told}"
        );
        let stale = [("Warning", "110 - \"response is stale\"")];
        assert_eq!(retirement(&Answer::recorded(Value::Null, &stale)), None);
    }
}
