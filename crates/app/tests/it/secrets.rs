//! Credentials that the binary is given are found in nothing that it leaves or says.

use std::path::Path;

use counterpart_emulators::{Options, Running, start};
use counterpart_manifest::FieldKind;

use crate::command::run;
use crate::connected::{LOOPBACK, prepare};

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_in_no_file_log_or_export() {
    let emulator = start("salesforce", Options::default())
        .await
        .expect("an emulator");
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path(), &emulator);
    let mut said = Vec::new();
    let chatty = ["--log", "trace"];
    for command in [
        &["sync", "Salesforce"][..],
        &["connection", "check", "Salesforce"],
        &["connection", "list", "--json"],
        &["map", "accept"],
        &["map", "list", "--json"],
        &["export"],
        &["export", "--format", "csv"],
        &["export", "--format", "ndjson"],
    ] {
        let output = run(folder.path(), &[command, &LOOPBACK, &chatty].concat(), "");
        assert!(output.status.success(), "{command:?}");
        said.extend(output.stdout);
        said.extend(output.stderr);
    }
    assert!(said.len() > 10_000, "the log was really written");
    let secrets = secrets_of(&emulator);
    assert!(!secrets.is_empty());
    for secret in &secrets {
        assert!(!holds(&said, secret), "{secret} was said");
    }
    let data = folder.path().join("counterpart-data");
    for entry in std::fs::read_dir(&data).expect("the data folder") {
        let path = entry.expect("an entry").path();
        for secret in &secrets {
            assert!(
                !file_holds(&path, secret),
                "{secret} stands in {}",
                path.display()
            );
        }
    }
}

/// The values of the credentials that nobody may see; user names are not among them.
fn secrets_of(emulator: &Running) -> Vec<String> {
    let registry = counterpart_connectors::registry().expect("the connectors");
    let connector = registry.get("salesforce").expect("the connector");
    let is_secret = |name: &String| {
        let fields = &connector.manifest().credentials;
        let field = fields.iter().find(|field| field.name == *name);
        field.is_some_and(|field| field.kind == FieldKind::Secret)
    };
    let credentials = emulator.credentials().into_iter();
    let secret = credentials.filter(|(name, _)| is_secret(name));
    secret.map(|(_, value)| value).collect()
}

fn file_holds(path: &Path, secret: &str) -> bool {
    std::fs::read(path).is_ok_and(|bytes| holds(&bytes, secret))
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|window| window == secret.as_bytes())
}
