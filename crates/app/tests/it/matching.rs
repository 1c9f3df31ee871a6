//! `counterpart match`, as its page in the documentation shows it.

use crate::command::{json, run};

const AGENTS: &str = "id,name,email\n1,Ann Lee,ann.lee@example.com\n2,Bob Ray,bob@example.com\n";
const USERS: &str = "id;first name;last name;e-mail\n\
                     005A;Ann;Lee;Ann.Lee@Example.com\n005B;Robert;Ray;bob@example.com\n";

#[test]
fn two_files_are_matched_and_judged() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect(name);
    write("agents.csv", AGENTS);
    write("users.csv", USERS);
    write("truth.csv", "a_id,b_id\n1,005A\n2,005B\n");
    let arguments = [
        "match",
        "agents.csv",
        "users.csv",
        "--out",
        "mapping.csv",
        "--truth",
        "truth.csv",
    ];
    let summary = json(folder.path(), &arguments, "");
    assert_eq!(summary["evaluation"]["all"]["f1"], 1.0, "{summary}");
    let first = std::fs::read_to_string(folder.path().join("mapping.csv")).expect("a file");
    assert!(
        first.starts_with("a_id,b_id,score,decision,evidence\n1,005A,"),
        "{first}"
    );
    json(folder.path(), &arguments, "");
    let second = std::fs::read_to_string(folder.path().join("mapping.csv")).expect("a file");
    assert_eq!(first, second, "the same files give the same result");
}

#[test]
fn a_bad_file_names_the_line_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect(name);
    write("agents.csv", "id,name\n1.23E+15,Ann Lee\n");
    write("users.csv", USERS);
    let output = run(
        folder.path(),
        &["match", "agents.csv", "users.csv", "--out", "mapping.csv"],
        "",
    );
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(
        said.contains("agents.csv") && said.contains("line 2"),
        "{said}"
    );
    assert!(!folder.path().join("mapping.csv").exists());
}
