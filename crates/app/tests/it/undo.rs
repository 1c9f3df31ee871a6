//! `counterpart undo`, as scripts use it.

use std::path::Path;

use serde_json::Value;

use crate::command::{json, run};

/// Imports people under a job title each; the file is in the folder.
fn import(folder: &Path, title: &str, names: &[&str]) {
    let mut text = String::from("external_id,name,title\n");
    for name in names {
        text.extend([name, ",", name, " Example,", title, "\n"]);
    }
    std::fs::write(folder.join("people.csv"), text).expect("written");
    json(folder, &["people", "import", "people.csv"], "");
}

fn undo(folder: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let all: Vec<&str> = ["undo", "--json"]
        .iter()
        .chain(arguments)
        .copied()
        .collect();
    let output = run(folder, &all, "");
    let said = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), said)
}

#[test]
fn the_newest_change_is_undone_and_conflicts_end_with_two() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    json(
        folder,
        &["organization", "create", "--name", "Northwind"],
        "",
    );
    import(folder, "Agent", &["ann", "bob"]);
    import(folder, "Manager", &["ann"]);

    let (code, said) = undo(folder, &["1"]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(said["undone_by"], Value::Null);
    assert_eq!(said["conflicts"][0]["cause"], "changed", "{said}");
    assert_eq!(said["conflicts"][0]["changed_by"], 2);

    let (code, said) = undo(folder, &[]);
    assert_eq!((code, &said["number"]), (Some(0), &2.into()), "{said}");
    let (code, said) = undo(folder, &["--reason", "wrong file"]);
    assert_eq!((code, &said["number"]), (Some(0), &1.into()), "{said}");
    assert_eq!(said["undone_by"]["reason"], "wrong file");
    let (code, _) = undo(folder, &[]);
    assert_eq!(code, Some(1), "nothing is left");

    // The undo of 1 is change set 4: undone, the people are there again.
    let (code, said) = undo(folder, &["4"]);
    assert_eq!(code, Some(0), "{said}");
    import(folder, "Manager", &["bob"]);
    let (code, said) = undo(folder, &["1", "--rest"]);
    assert_eq!((code, &said["skipped"]), (Some(2), &1.into()), "{said}");
}
