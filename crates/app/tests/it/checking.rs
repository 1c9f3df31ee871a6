//! `counterpart check` and `counterpart doctor`, as scripts use them.

use counterpart_emulators::{Fault, FaultSwitch, Options, Running, start};
use serde_json::Value;

use crate::command::{json, run};
use crate::connected::{LOOPBACK, prepare};

async fn emulator() -> Running {
    let options = Options {
        people: 60,
        ..Options::default()
    };
    start("salesforce", options).await.expect("an emulator")
}

/// How a command ended, with what it said as JSON.
fn said(folder: &std::path::Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let mut all = arguments.to_vec();
    all.push("--json");
    all.extend(LOOPBACK);
    let output = run(folder, &all, "");
    let said = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), said)
}

fn result<'a>(checks: &'a Value, name: &str) -> &'a Value {
    let checks = checks.as_array().expect("checks");
    let check = checks.iter().find(|check| check["name"] == name);
    check.map_or(&Value::Null, |check| &check["result"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_ends_as_the_connection_is() {
    let emulator = emulator().await;
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    prepare(folder, &emulator);

    let (code, all) = said(folder, &["check", "Salesforce"]);
    assert_eq!(code, Some(2), "it was never synced: {all}");
    assert_eq!(result(&all[0]["checks"], "sync"), "warn");
    assert_eq!(result(&all[0]["checks"], "users"), "pass");

    let mut sync = vec!["sync"];
    sync.extend(LOOPBACK);
    json(folder, &sync, "");
    let (code, all) = said(folder, &["check"]);
    assert_eq!(code, Some(0), "{all}");
    assert_eq!(all[0]["connection"], "Salesforce");

    let checks = all[0]["checks"].as_array().map_or(0, Vec::len);
    assert!(checks > 8, "{all}");
    let (code, absent) = said(folder, &["check", "Salesforce", "--user", "Nobody Nowhere"]);
    assert_eq!(
        (code, &absent["result"]),
        (Some(1), &"fail".into()),
        "{absent}"
    );

    let fault = FaultSwitch::lasting(Fault::MissingPermission);
    emulator.control().inject(fault).expect("a fault");
    let (code, all) = said(folder, &["check"]);
    assert_eq!(code, Some(1), "{all}");
    let text = run(folder, &[&["check"][..], &LOOPBACK[..]].concat(), "");
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.starts_with("FAIL Salesforce"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour in a pipe: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_looks_at_everything() {
    let emulator = emulator().await;
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let (code, report) = said(folder, &["doctor"]);
    assert_eq!(code, Some(1), "there is no data folder: {report}");
    assert_eq!(result(&report["machine"]["checks"], "data_folder"), "fail");
    let made = folder.read_dir().expect("a folder").count();
    assert_eq!(made, 0, "looking makes nothing");

    prepare(folder, &emulator);
    let (code, report) = said(folder, &["doctor"]);
    assert_eq!(code, Some(2), "{report}");
    let machine = &report["machine"]["checks"];
    for name in [
        "data_folder",
        "database",
        "master_key",
        "time_zone",
        "clock",
    ] {
        assert_eq!(result(machine, name), "pass", "{name}: {report}");
    }
    let northwind = &report["organizations"][0];
    assert_eq!(northwind["name"], "Northwind");
    let troubles = &northwind["troubles"]["checks"];
    assert_eq!(result(troubles, "people"), "pass");
    assert_eq!(northwind["connections"][0]["connection"], "Salesforce");
}
