//! `counterpart pending`, and what other commands say when a change has to wait.

use std::path::Path;

use serde_json::Value;

use crate::command::{json, run};

fn says(folder: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let all: Vec<&str> = arguments.iter().chain(&["--json"]).copied().collect();
    let output = run(folder, &all, "");
    let said = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), said)
}

#[test]
fn a_change_from_the_command_line_waits_and_is_nobodys_own_to_approve() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    json(
        folder,
        &["organization", "create", "--name", "Northwind"],
        "",
    );
    let said = json(
        folder,
        &["organization", "second-person", "--from", "1"],
        "",
    );
    assert_eq!(said["second_person_from"], 1);
    std::fs::write(folder.join("people.csv"), "name\nAnn Example\n").expect("written");

    let output = run(folder, &["people", "import", "people.csv"], "");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(
        text.contains("waits for a second person as number 1 (1 line)"),
        "{text}"
    );
    let (code, said) = says(folder, &["people", "import", "people.csv"]);
    assert_eq!(
        (code, &said["pending"]["number"]),
        (Some(2), &2.into()),
        "{said}"
    );

    let (code, said) = says(folder, &["pending", "list"]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(said[0]["wanted_by"], "the command line");
    let (code, said) = says(folder, &["pending", "approve", "1"]);
    assert_eq!(
        (code, &said["code"]),
        (Some(1), &"pending.own".into()),
        "{said}"
    );
    let (code, said) = says(folder, &["pending", "show", "1"]);
    assert_eq!((code, &said["applicable"]), (Some(0), &1.into()), "{said}");
    for number in ["1", "2"] {
        let (code, said) = says(folder, &["pending", "withdraw", number]);
        assert_eq!(
            (code, &said["state"]),
            (Some(0), &"withdrawn".into()),
            "{said}"
        );
    }
    let (code, said) = says(folder, &["pending", "list"]);
    assert_eq!((code, said), (Some(0), Value::Array(Vec::new())));

    let said = json(folder, &["organization", "second-person", "--off"], "");
    assert_eq!(said["second_person_from"], Value::Null);
    json(folder, &["people", "import", "people.csv"], "");
}
