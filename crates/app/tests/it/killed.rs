//! A sync that is killed in the middle costs time, never data.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use counterpart_emulators::{Fault, FaultSwitch, Options, Running, start};
use serde_json::Value;

use crate::command::{counterpart, json};
use crate::connected::{LOOPBACK, prepare};

/// How long to wait for the other process at most.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is true after a sync and after everything certain was accepted.
fn outcome(folder: &Path) -> (Value, String) {
    let run = json(
        folder,
        &[&["sync", "Salesforce"][..], &LOOPBACK].concat(),
        "",
    );
    json(folder, &["map", "accept"], "");
    let exported = crate::command::run(folder, &["export"], "");
    (
        run["report"].clone(),
        String::from_utf8(exported.stdout).expect("text"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sync_ends_like_an_undisturbed_one() {
    let options = Options {
        page_size: Some(10),
        ..Options::default()
    };
    let emulator = start("salesforce", options).await.expect("an emulator");
    let undisturbed = tempfile::tempdir().expect("a folder");
    prepare(undisturbed.path(), &emulator);
    let expected = outcome(undisturbed.path());

    let killed = tempfile::tempdir().expect("a folder");
    prepare(killed.path(), &emulator);
    let stuck = Fault::Slow {
        milliseconds: 600_000,
    };
    emulator
        .control()
        .inject(FaultSwitch::lasting(stuck).from_page(4))
        .expect("a fault");
    emulator.control().forget_requests();
    let mut sync = counterpart(killed.path())
        .args(["sync", "Salesforce"])
        .args(LOOPBACK)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the sync starts");
    let pages = |emulator: &Running| {
        let asked = emulator.control().requests();
        asked
            .iter()
            .filter(|request| request.path.contains("/query"))
            .count()
    };
    let began = Instant::now();
    // Three pages are answered; the fourth never is.
    while pages(&emulator) < 6 {
        assert!(
            began.elapsed() < PATIENCE,
            "the fourth page was never asked for"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    sync.kill().expect("killed");
    sync.wait().expect("dead");
    emulator.control().clear_faults();
    emulator.control().forget_requests();

    let found = outcome(killed.path());
    assert_eq!(found, expected);
}
