//! `counterpart match`, as its page in the documentation shows it.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{json, run};

const AGENTS: &str = "id,name,email\n1,Ann Lee,ann.lee@example.com\n2,Bob Ray,bob@example.com\n";
const USERS: &str = "id;first name;last name;e-mail\n\
                     005A;Ann;Lee;Ann.Lee@Example.com\n005B;Robert;Ray;bob@example.com\n";

/// The files of a match, in a folder of their own.
struct Files(TempDir);

impl Files {
    fn new(agents: &str, users: &str) -> Self {
        let files = Self(tempfile::tempdir().expect("a folder"));
        files.write("agents.csv", agents);
        files.write("users.csv", users);
        files
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder().join(name), text).expect(name);
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder().join(name)).expect(name)
    }

    /// The summary of a match with further arguments.
    fn summary(&self, further: &[&str]) -> Value {
        json(self.folder(), &arguments(further), "")
    }

    /// What a match with further arguments prints.
    fn text(&self, further: &[&str]) -> String {
        let output = run(self.folder(), &arguments(further), "");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The exit code and the error of a match that must fail.
    fn failure(&self, further: &[&str]) -> (Option<i32>, String) {
        let output = run(self.folder(), &arguments(further), "");
        let said = String::from_utf8(output.stderr).expect("text");
        (output.status.code(), said)
    }

    /// The first cells of the rows of a file, joined by spaces.
    fn rows(&self, name: &str, cells: usize) -> Vec<String> {
        csv::Reader::from_reader(self.read(name).as_bytes())
            .into_records()
            .map(|row| {
                let row = row.expect("a row");
                row.iter().take(cells).collect::<Vec<_>>().join(" ")
            })
            .collect()
    }
}

fn arguments<'a>(further: &[&'a str]) -> Vec<&'a str> {
    let usual = ["match", "agents.csv", "users.csv", "--out", "mapping.csv"];
    usual.into_iter().chain(further.iter().copied()).collect()
}

#[test]
fn two_files_are_matched_and_judged() {
    let files = Files::new(AGENTS, USERS);
    files.write("truth.csv", "a_id,b_id\n1,005A\n2,005B\n");
    let summary = files.summary(&["--truth", "truth.csv"]);
    assert_eq!(summary["evaluation"]["all"]["f1"], 1.0, "{summary}");
    let first = files.read("mapping.csv");
    assert!(
        first.starts_with("a_id,b_id,score,decision,evidence\n1,005A,"),
        "{first}"
    );
    files.summary(&["--truth", "truth.csv"]);
    let second = files.read("mapping.csv");
    assert_eq!(first, second, "the same files give the same result");
}

#[test]
fn a_bad_file_names_the_line_and_nothing_is_written() {
    let files = Files::new("id,name\n1.23E+15,Ann Lee\n", USERS);
    let (code, said) = files.failure(&[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("agents.csv") && said.contains("line 2"),
        "{said}"
    );
    assert!(!files.folder().join("mapping.csv").exists());
}

#[test]
fn past_decisions_are_kept_and_what_was_refused_is_not_proposed() {
    let files = Files::new(
        "id,name,email\n1,Ann Lee,ann.lee@example.com\n2,Bob Ray,bob@example.com\n\
         3,Zoe Quist,zq@example.com\n4,Maria Svensson,maria@example.com\n",
        "id;first name;last name;e-mail\n005A;Ann;Lee;ann.lee@example.com\n\
         005B;Bob;Ray;bob@example.com\n005C;Maria;Svensson;maria@example.com\n",
    );
    files.summary(&[]);
    assert_eq!(files.rows("mapping.csv", 2), ["1 005A", "2 005B", "4 005C"]);
    // Zoe has married and left her mailbox to nobody; the two Ann Lees are two.
    files.write(
        "labels.csv",
        "a_id,b_id,same\n3,005C,yes\n1,005A,no\n2,005B,\n",
    );
    let summary = files.summary(&["--labels", "labels.csv"]);
    assert_eq!(files.rows("mapping.csv", 2), ["2 005B", "3 005C"]);
    assert!(files.rows("mapping.csv", 4)[1].ends_with(" auto"));
    assert_eq!(
        summary["labels"],
        serde_json::json!({"same": 1, "different": 1, "undecided": 1, "gone": 0})
    );
    let evidence = &files.rows("mapping.csv", 5)[1];
    assert!(evidence.contains("decided"), "{evidence}");
}

#[test]
fn a_corrected_mapping_is_a_file_of_past_decisions() {
    let files = Files::new(AGENTS, USERS);
    files.summary(&[]);
    let corrected = files.read("mapping.csv").replacen(",auto,", ",no,", 1);
    files.write("corrected.csv", &corrected);
    files.summary(&["--labels", "corrected.csv"]);
    assert_eq!(files.rows("mapping.csv", 2), ["2 005B"]);
}

#[test]
fn decisions_that_contradict_each_other_are_refused_with_their_lines() {
    let files = Files::new(AGENTS, USERS);
    files.write("labels.csv", "a_id,b_id,same\n1,005A,yes\n1,005B,yes\n");
    let (code, said) = files.failure(&["--labels", "labels.csv"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("labels.csv, line 3") && said.contains("line 2"),
        "{said}"
    );
    assert!(!files.folder().join("mapping.csv").exists());
}

#[test]
fn several_are_tied_to_one_only_when_asked_for() {
    let files = Files::new(
        "id,name,email,external id\n1,Ann Lee,ann.lee@example.com,E1\n2,Ann Lee,ann.lee@example.com,E1\n\
         3,Bob Ray,bob@example.com,E3\n",
        "id,name,email,external id\n005A,Ann Lee,ann.lee@example.com,E1\n005B,Bob Ray,bob@example.com,E3\n",
    );
    files.summary(&[]);
    let one_to_one = files.rows("mapping.csv", 2);
    let shared = one_to_one.iter().filter(|row| row.ends_with("005A"));
    assert!(shared.count() <= 1, "{one_to_one:?}");
    files.summary(&["--many-to-one"]);
    assert_eq!(files.rows("mapping.csv", 2), ["1 005A", "2 005A", "3 005B"]);
    // A seat that was decided to be one person's is still open to others.
    files.write("labels.csv", "a_id,b_id\n1,005A\n");
    files.summary(&["--many-to-one", "--labels", "labels.csv"]);
    assert_eq!(files.rows("mapping.csv", 2), ["1 005A", "2 005A", "3 005B"]);
}

#[test]
fn an_explanation_is_a_waterfall_that_adds_up() {
    let files = Files::new(AGENTS, USERS);
    let text = files.text(&["--explain", "1"]);
    assert!(text.contains("1 is 005A: certain (auto)"), "{text}");
    assert!(text.contains("before any evidence"), "{text}");
    let summary = files.summary(&["--explain", "1", "--explain", "2"]);
    let explanations = summary["explanations"].as_array().expect("a list");
    let ids: Vec<_> = explanations.iter().map(|one| &one["a_id"]).collect();
    assert_eq!(ids, ["1", "2"]);
    let number = |value: &Value| value.as_f64().expect("a number");
    for explanation in explanations {
        let mut sum = number(&explanation["prior"]);
        for step in explanation["evidence"].as_array().expect("steps") {
            sum += number(&step["bits"]);
            assert!((number(&step["sum"]) - sum).abs() < 1e-6, "{explanation}");
        }
        let alone = 1.0 / (1.0 + (-sum).exp2());
        assert!((number(&explanation["alone"]) - alone).abs() < 1e-6);
    }
}

#[test]
fn an_explanation_says_why_somebody_has_no_tie() {
    let files = Files::new(
        "id,name,email\n1,Ann Lee,ann.lee@example.com\n9,Zoe Quist,zq@example.org\n",
        USERS,
    );
    let text = files.text(&["--explain", "9"]);
    assert!(text.contains("9 has no tie: "), "{text}");
    let (code, said) = files.failure(&["--explain", "7"]);
    assert_eq!(code, Some(64));
    assert!(
        said.contains("'7'") && said.contains("agents.csv"),
        "{said}"
    );
}

#[test]
fn those_without_a_tie_are_listed_with_their_reason() {
    let files = Files::new(
        "id,name,email\n1,Ann Lee,ann.lee@example.com\n9,Zoe Quist,zq@example.org\n",
        USERS,
    );
    let summary = files.summary(&["--unmatched", "unmatched.csv"]);
    assert_eq!(summary["unmatched_a"], 1);
    let text = files.read("unmatched.csv");
    assert!(
        text.starts_with("a_id,reason,best_b_id,score,evidence\n9,"),
        "{text}"
    );
    let rows = files.rows("unmatched.csv", 2);
    let reasons = ["9 nothing-in-common", "9 too-weak", "9 better-elsewhere"];
    assert!(
        rows.len() == 1 && reasons.contains(&rows[0].as_str()),
        "{rows:?}"
    );
}

#[test]
fn thresholds_move_what_is_certain_and_what_is_proposed() {
    let files = Files::new(AGENTS, USERS);
    let looked_at = files.summary(&["--min-auto", "1"]);
    assert_eq!(
        (&looked_at["auto"], &looked_at["review"]),
        (&0.into(), &2.into())
    );
    let none = files.summary(&["--min-auto", "1", "--min-review", "1"]);
    assert_eq!(none["unmatched_a"], 2);
}

#[test]
fn thresholds_that_make_no_sense_are_refused() {
    let files = Files::new(AGENTS, USERS);
    for (arguments, expected) in [
        (["--min-auto", "1.5"], "0 to 1"),
        (["--min-review", "NaN"], "0 to 1"),
        (["--min-review", "0.999"], "at most the value of --min-auto"),
    ] {
        let (code, said) = files.failure(&arguments);
        assert_eq!(code, Some(64), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    assert!(!files.folder().join("mapping.csv").exists());
}

#[test]
fn a_manager_tells_namesakes_apart() {
    let files = Files::new(
        "id,name,e-mail,reports to\n1,Ann Lee,,Grace Hopper\n2,Ann Lee,,Ada Lovelace\n\
         3,Bob Ray,bob@example.com,Grace Hopper\n4,Cleo Fry,cleo@example.com,Ada Lovelace\n\
         5,Dan Poe,dan@example.com,Grace Hopper\n6,Eve Orr,eve@example.com,Ada Lovelace\n",
        "id,name,e-mail,manager\n005A,Ann Lee,,Ada Lovelace\n005B,Ann Lee,,Grace Hopper\n\
         005C,Bob Ray,bob@example.com,Grace Hopper\n005D,Cleo Fry,cleo@example.com,Ada Lovelace\n\
         005E,Dan Poe,dan@example.com,Grace Hopper\n005F,Eve Orr,eve@example.com,Ada Lovelace\n",
    );
    let summary = files.summary(&[]);
    assert_eq!(summary["a"]["columns"]["reports to"], "manager");
    assert_eq!(files.rows("mapping.csv", 2)[..2], ["1 005B", "2 005A"]);
}
