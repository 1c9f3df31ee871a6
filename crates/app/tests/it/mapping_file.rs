//! Mappings as a file, by the command line.

use std::path::Path;

use counterpart_emulators::{Options, start};

use crate::command::{json, run};
use crate::connected::{LOOPBACK, prepare};

/// The exit code of a command, and what it said on both streams.
fn ended(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(folder, arguments, "");
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code().expect("an exit code"), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_mappings_is_planned_and_applied_with_the_exit_codes_that_scripts_ask_for() {
    let emulator = start("salesforce", Options::default()).await;
    let emulator = emulator.expect("an emulator");
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    prepare(folder, &emulator);
    let sync = [&["sync", "Salesforce"][..], &LOOPBACK].concat();
    json(folder, &sync, "");
    json(folder, &["map", "accept"], "");
    let exported = run(folder, &["export"], "").stdout;
    let exported = String::from_utf8(exported).expect("text");
    std::fs::write(folder.join("mappings.yaml"), &exported).expect("a file");
    assert_eq!(
        ended(folder, &["plan", "mappings.yaml"]).0,
        0,
        "nothing to do"
    );

    let end = exported.find("    decisions:").expect("decisions");
    let last = exported[..end].rfind("      - person:").expect("a mapping");
    let shorter = exported[..last].to_owned() + &exported[end..];
    std::fs::write(folder.join("shorter.yaml"), &shorter).expect("a file");
    let (code, said) = ended(folder, &["plan", "shorter.yaml"]);
    assert_eq!(code, 2, "there is something to do: {said}");
    assert!(
        said.contains("- Salesforce: ") && said.contains("1 removed"),
        "{said}"
    );
    let reason = "left the team";
    let applied = json(folder, &["apply", "shorter.yaml", "--reason", reason], "");
    assert_eq!(
        applied["plan"]["changes"][0]["change"], "remove",
        "{applied}"
    );
    assert_eq!(run(folder, &["export"], "").stdout, shorter.as_bytes());
    assert_eq!(
        ended(folder, &["apply", "shorter.yaml"]).0,
        0,
        "done already"
    );

    let wrong = exported.replace("crm_user: \"", "crm_user: \"x");
    std::fs::write(folder.join("wrong.yaml"), wrong).expect("a file");
    for command in ["plan", "apply"] {
        let (code, said) = ended(folder, &[command, "wrong.yaml"]);
        assert_eq!(code, 1, "{said}");
        assert!(
            said.contains("wrong.yaml:13: Salesforce has no user `x005"),
            "{said}"
        );
    }
    assert_eq!(
        run(folder, &["export"], "").stdout,
        shorter.as_bytes(),
        "nothing was done"
    );
}
