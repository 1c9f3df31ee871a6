//! Mappings as a file, by the command line.

use std::fmt::Write as _;
use std::path::Path;

use counterpart_emulators::{Options, start};

use crate::command::{json, run};
use crate::connected::{LOOPBACK, prepare};
use crate::served::Served;

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

#[tokio::test(flavor = "multi_thread")]
async fn pairs_of_another_product_are_shown_and_imported() {
    let emulator = start("salesforce", Options::default()).await;
    let emulator = emulator.expect("an emulator");
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    prepare(folder, &emulator);
    let sync = [&["sync", "Salesforce"][..], &LOOPBACK].concat();
    json(folder, &sync, "");
    let truth = counterpart_emulators::truth(1, 60, "salesforce").expect("the truth");
    let mut pairs = String::from("agent;their id\nnobody;x\n");
    for (person, user) in truth.iter().take(20) {
        writeln!(pairs, "{person};{user}").expect("text");
    }
    std::fs::write(folder.join("pairs.csv"), pairs).expect("a file");
    let command = ["import-pairs", "pairs.csv", "--connection", "Salesforce"];
    let (code, said) = ended(folder, &command);
    assert_eq!(code, 1, "a row names nobody: {said}");
    let lenient = [&command[..], &["--skip-unknown"]].concat();
    let (code, said) = ended(folder, &[&lenient[..], &["--dry-run"]].concat());
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("people: column `agent` by external id, 20 of 21 known"),
        "{said}"
    );
    let applied = json(folder, &lenient, "");
    assert_eq!(
        applied["plan"]["changes"].as_array().map(Vec::len),
        Some(20),
        "{applied}"
    );
    let table = run(folder, &["export", "--format", "csv"], "").stdout;
    assert_eq!(String::from_utf8_lossy(&table).lines().count(), 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_plans_and_applies_a_file_as_the_data_folder_does() {
    let emulator = start("salesforce", Options::default()).await;
    let emulator = emulator.expect("an emulator");
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    prepare(folder, &emulator);
    let sync = [&["sync", "Salesforce"][..], &LOOPBACK].concat();
    json(folder, &sync, "");
    json(folder, &["map", "accept"], "");
    let here = run(folder, &["export"], "").stdout;
    let token = json(folder, &["token", "create", "--role", "admin"], "");
    let token = token["token"].as_str().expect("a token").to_owned();
    let mut server = Served::start(folder, &["serve", "--listen", "127.0.0.1:0"]);
    let url = server.says("Counterpart serves ");
    let there = |command: &[&str]| {
        let server = ["--url", url.as_str(), "--token", token.as_str()];
        let whole = [command, &server].concat();
        let output = run(folder, &whole, "");
        let said = [output.stdout.clone(), output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        (
            output.status.code().expect("an exit code"),
            output.stdout,
            said,
        )
    };
    assert_eq!(there(&["export"]).1, here);
    let exported = String::from_utf8(here).expect("text");
    let end = exported.find("    decisions:").expect("decisions");
    let last = exported[..end].rfind("      - person:").expect("a mapping");
    let shorter = exported[..last].to_owned() + &exported[end..];
    std::fs::write(folder.join("shorter.yaml"), &shorter).expect("a file");
    let (code, _, said) = there(&["plan", "shorter.yaml"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("- Salesforce: "), "{said}");
    let (code, _, said) = there(&["apply", "shorter.yaml", "--reason", "left"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(there(&["export"]).1, shorter.as_bytes());
    std::fs::write(folder.join("wrong.yaml"), "counterpart: mappings/2\n").expect("a file");
    let (code, _, said) = there(&["apply", "wrong.yaml"]);
    assert_eq!((code, said.contains("wrong.yaml:1: ")), (1, true), "{said}");
    let pairs = ["import-pairs", "shorter.yaml", "--connection", "Nowhere"];
    let (code, _, said) = there(&pairs);
    assert_eq!(
        (code, said.contains("no connection `Nowhere`")),
        (1, true),
        "{said}"
    );
    let (code, _, said) = there(&["map", "list"]);
    assert_eq!((code, said.contains("leave --url")), (64, true), "{said}");
}
