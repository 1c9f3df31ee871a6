//! The command as a whole, on files in a folder of its own.

use std::path::PathBuf;

use counterpart_model::Code;
use tempfile::TempDir;

use super::*;

struct Files {
    folder: TempDir,
}

impl Files {
    fn new(a: &str, b: &str) -> Self {
        let files = Self {
            folder: TempDir::new().unwrap(),
        };
        std::fs::write(files.path("a.csv"), a).unwrap();
        std::fs::write(files.path("b.csv"), b).unwrap();
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn args(&self) -> MatchArgs {
        MatchArgs {
            a: self.path("a.csv"),
            b: self.path("b.csv"),
            out: self.path("mapping.csv"),
            id_a: None,
            id_b: None,
            maps: Vec::new(),
            domains: Vec::new(),
            labels: None,
            many_to_one: false,
            min_auto: None,
            min_review: None,
            explain: Vec::new(),
            unmatched: None,
            truth: None,
            json: false,
        }
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

const A: &str = "id,name,email\n\
    a2,Ada Lovelace,ada.lovelace@example.com\n\
    a1,Grace Hopper,grace@example.com\n\
    a3,Nobody Here,nobody@example.com\n";
const B: &str = "Id;FirstName;LastName;Email\n\
    007;Grace;Hopper;GRACE@example.com\n\
    008;Ada;Lovelace;ada.lovelace+crm@example.com\n";

#[test]
fn a_mapping_is_written_in_the_order_of_a() {
    let files = Files::new(A, B);
    let summary = run(&files.args()).unwrap();
    assert_eq!((summary.counts.auto, summary.counts.unmatched), (2, 1));
    let written = std::fs::read_to_string(files.path("mapping.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(written.as_bytes())
        .into_records()
        .collect::<Result<_, _>>()
        .unwrap();
    let ids: Vec<(&str, &str)> = rows.iter().map(|row| (&row[0], &row[1])).collect();
    assert_eq!(ids, [("a2", "008"), ("a1", "007")]);
    let evidence: serde_json::Value = serde_json::from_str(&rows[0][4]).unwrap();
    assert!(
        evidence["evidence"][0][0]
            .as_str()
            .unwrap()
            .contains("e-mail equal")
    );
    assert_eq!(files.names(), ["a.csv", "b.csv", "mapping.csv"]);
}

#[test]
fn two_runs_write_the_same_bytes() {
    let files = Files::new(A, B);
    run(&files.args()).unwrap();
    let first = std::fs::read(files.path("mapping.csv")).unwrap();
    run(&files.args()).unwrap();
    assert_eq!(std::fs::read(files.path("mapping.csv")).unwrap(), first);
}

#[test]
fn an_error_writes_nothing_and_keeps_an_older_file() {
    let files = Files::new(A, "id,name\n1,a\n1,b\n");
    std::fs::write(files.path("mapping.csv"), "older").unwrap();
    let error = run(&files.args()).unwrap_err();
    assert_eq!(
        (error.exit_code(), error.code()),
        (1, Code::FileDuplicateId)
    );
    assert_eq!(
        std::fs::read_to_string(files.path("mapping.csv")).unwrap(),
        "older"
    );
    assert_eq!(files.names(), ["a.csv", "b.csv", "mapping.csv"]);
}

#[test]
fn an_input_is_never_overwritten() {
    let files = Files::new(A, B);
    let args = MatchArgs {
        out: files.path("b.csv"),
        ..files.args()
    };
    assert_eq!(run(&args).unwrap_err().exit_code(), 64);
    assert_eq!(std::fs::read_to_string(files.path("b.csv")).unwrap(), B);
    let args = MatchArgs {
        unmatched: Some(files.path("a.csv")),
        ..files.args()
    };
    assert_eq!(run(&args).unwrap_err().exit_code(), 64);
    assert_eq!(std::fs::read_to_string(files.path("a.csv")).unwrap(), A);
}

#[test]
fn two_outputs_are_two_files() {
    let files = Files::new(A, B);
    let args = MatchArgs {
        unmatched: Some(files.path("mapping.csv")),
        ..files.args()
    };
    let error = run(&args).unwrap_err();
    assert_eq!(error.exit_code(), 64);
    assert!(error.to_string().contains("--unmatched"), "{error}");
    assert_eq!(files.names(), ["a.csv", "b.csv"]);
}

#[test]
fn a_mapping_is_not_written_when_the_other_file_cannot_be() {
    let files = Files::new(A, B);
    let args = MatchArgs {
        unmatched: Some(files.path("no/such/folder.csv")),
        ..files.args()
    };
    let error = run(&args).unwrap_err();
    assert_eq!(error.code(), Code::FileUnwritable);
    assert_eq!(files.names(), ["a.csv", "b.csv"]);
}

#[test]
fn the_truth_gives_precision_and_recall() {
    let files = Files::new(A, B);
    std::fs::write(
        files.path("truth.csv"),
        "a_id,b_id,tags\na2,008,x\na1,999,x\n",
    )
    .unwrap();
    let args = MatchArgs {
        truth: Some(files.path("truth.csv")),
        ..files.args()
    };
    let evaluation = run(&args).unwrap().evaluation.unwrap();
    assert!((evaluation.all.precision - 0.5).abs() < 1e-9);
    assert!((evaluation.all.recall - 0.5).abs() < 1e-9);
    assert_eq!(evaluation.recall_by_tag["x"], (1, 2));
    assert_eq!(evaluation.auto.rows, 2);
    let nothing_is_certain = MatchArgs {
        min_auto: Some(1.0),
        ..args
    };
    let evaluation = run(&nothing_is_certain).unwrap().evaluation.unwrap();
    assert_eq!((evaluation.auto.rows, evaluation.all.rows), (0, 2));
}

#[test]
fn a_file_without_any_known_column_is_refused() {
    let files = Files::new("id,floor\n1,3\n", B);
    let error = run(&files.args()).unwrap_err().to_string();
    assert!(
        error.contains("a.csv, line 1") && error.contains("--map"),
        "{error}"
    );
}
