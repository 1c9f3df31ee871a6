//! A sync that a brake held, decided on the command line.

use counterpart_emulators::{Options, Running, start};

use crate::command::{json, run};
use crate::connected::{LOOPBACK, prepare};

/// Every second user is switched off: more than the brake lets pass.
fn switch_off(emulator: &Running) {
    let crm = emulator.control();
    for user in crm.users().iter().step_by(2) {
        crm.deactivate(&user.id).expect("a user");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_sync_is_listed_rejected_and_allowed() {
    let emulator = start("salesforce", Options::default()).await;
    let emulator = emulator.expect("an emulator");
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    prepare(folder, &emulator);
    let sync = [&["sync"][..], &LOOPBACK].concat();
    json(folder, &sync, "");
    assert_eq!(json(folder, &["run", "held"], ""), serde_json::json!([]));
    let nothing = run(folder, &["run", "allow", "Salesforce", "--json"], "");
    assert_eq!(nothing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nothing.stdout).contains("run.not_held"));

    switch_off(&emulator);
    assert_eq!(run(folder, &sync, "").status.code(), Some(3));
    let listed = run(folder, &["run", "held", "--json"], "");
    assert_eq!(listed.status.code(), Some(2));
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!(listed[0]["connection"], "Salesforce");
    assert_eq!(listed[0]["names"].as_array().map(Vec::len), Some(5));
    json(folder, &["run", "reject", "Salesforce"], "");
    assert_eq!(json(folder, &["run", "held"], ""), serde_json::json!([]));

    assert_eq!(run(folder, &sync, "").status.code(), Some(3));
    let allowed = json(folder, &["run", "allow", "Salesforce"], "");
    assert_eq!(allowed["state"], "complete");
    assert_eq!(allowed["report"]["deactivated"], listed[0]["takes_away"]);
    assert_eq!(json(folder, &["run", "held"], ""), serde_json::json!([]));
}
