//! What a newcomer sees first.

use crate::command::{json, run};

#[test]
fn the_demo_maps_or_proposes_most_people_in_three_crms() {
    let folder = tempfile::tempdir().expect("a folder");
    let report = json(folder.path(), &["demo", "--once"], "");
    assert_eq!(report["people"], 60);
    let connections = report["connections"].as_array().expect("connections");
    assert_eq!(connections.len(), 3);
    for connection in connections {
        let count = |name: &str| connection[name].as_u64().expect(name);
        let settled = count("mapped") + count("proposed");
        assert!(
            settled * 100 >= 60 * 85,
            "too few are mapped or proposed: {connection}"
        );
        let all = settled + count("ambiguous") + count("unmapped") + count("ignored");
        assert_eq!(all, 60, "everybody is in one situation: {connection}");
    }
    let exported = run(
        folder.path(),
        &[
            "export",
            "--format",
            "csv",
            "--data-dir",
            "counterpart-demo",
        ],
        "",
    );
    let lines = String::from_utf8(exported.stdout)
        .expect("text")
        .lines()
        .count() as u64;
    let mapped: u64 = connections
        .iter()
        .map(|it| it["mapped"].as_u64().expect("a number"))
        .sum();
    assert_eq!(lines, mapped + 1, "the data stays after --once");
}

#[test]
fn the_demo_never_touches_a_folder_that_is_not_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("mine.txt"), "precious").expect("a file");
    let path = folder.path().to_str().expect("a path");
    let output = run(folder.path(), &["demo", "--once", "--data-dir", path], "");
    assert_eq!(output.status.code(), Some(64));
    assert!(folder.path().join("mine.txt").exists());
}

#[test]
fn errors_are_problems_in_json_and_name_the_remedy_in_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), &["map", "list"], "");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.contains("counterpart organization create"), "{said}");
    assert!(
        said.contains("counterpart explain organization.not_found"),
        "{said}"
    );
    let output = run(folder.path(), &["map", "list", "--json"], "");
    let problem: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(problem["code"], "organization.not_found");
    let explained = json(folder.path(), &["explain", "organization.not_found"], "");
    assert!(
        explained["remedy"]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    );
    assert_eq!(
        run(folder.path(), &["nonsense"], "").status.code(),
        Some(64)
    );
}
