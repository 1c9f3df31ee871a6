//! Credentials that the binary is given are found in nothing that it leaves or says.

use std::path::Path;

use counterpart_emulators::{Options, start};

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
        &["export", "--format", "ndjson"],
    ] {
        let output = run(folder.path(), &[command, &LOOPBACK, &chatty].concat(), "");
        assert!(output.status.success(), "{command:?}");
        said.extend(output.stdout);
        said.extend(output.stderr);
    }
    assert!(said.len() > 10_000, "the log was really written");
    let secrets: Vec<String> = emulator.credentials().into_values().collect();
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

fn file_holds(path: &Path, secret: &str) -> bool {
    std::fs::read(path).is_ok_and(|bytes| holds(&bytes, secret))
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|window| window == secret.as_bytes())
}
