//! Answers as vendors write them, and what becomes of them: every `fixtures/*.json` of every
//! provider.
//!
//! A fixture holds `status`, `headers`, `body` (JSON, or text that is none) and either `users`
//! (what is read) with `failed` (how many records are not), or `error` (the code).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use counterpart_connector::ManifestConnector;
use counterpart_model::{Clock, CrmUserProfile, Timestamp};
use counterpart_outbound::Response;
use serde::Deserialize;
use serde_json::Value;

use super::FOLDERS;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    /// What it is, and where its shape was seen.
    #[serde(rename = "about")]
    _about: String,
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Value,
    #[serde(default)]
    users: BTreeMap<String, CrmUserProfile>,
    #[serde(default)]
    failed: usize,
    error: Option<String>,
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        "2026-11-22T12:00:00Z".parse().expect("a time")
    }
}

fn fixtures(file: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join(file).with_file_name("fixtures");
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

fn check(connector: &ManifestConnector, path: &Path) {
    let shown = path.display();
    let text = std::fs::read_to_string(path).expect("a fixture is text");
    let fixture: Fixture =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{shown}: {error}"));
    let body = match &fixture.body {
        Value::String(text) => text.clone(),
        json => json.to_string(),
    };
    let headers: Vec<_> = fixture
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let response = Response::recorded(fixture.status, &headers, body);
    match (connector.read_recorded(&response, &Noon), fixture.error) {
        (Ok(page), None) => {
            let read: BTreeMap<_, _> = page
                .users
                .into_iter()
                .map(|user| (user.id.0, user.profile))
                .collect();
            assert_eq!(read, fixture.users, "{shown}");
            assert_eq!(
                page.failures.len(),
                fixture.failed,
                "{shown}: {:?}",
                page.failures
            );
        }
        (Err(error), Some(code)) => {
            assert_eq!(error.code().as_str(), code, "{shown}: {error}");
        }
        (Ok(_), Some(code)) => panic!("{shown}: read, instead of {code}"),
        (Err(error), None) => panic!("{shown}: {error}"),
    }
}

#[test]
fn recorded_answers_are_read_as_their_fixtures_say() {
    for folder in FOLDERS {
        let connector = ManifestConnector::load(folder.file, folder.manifest, (folder.hooks)())
            .unwrap_or_else(|error| panic!("{error}"));
        let paths = fixtures(folder.file);
        assert!(
            !paths.is_empty(),
            "{}: there are no fixtures beside it",
            folder.file
        );
        for path in paths {
            check(&connector, &path);
        }
    }
}
