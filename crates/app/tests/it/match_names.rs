//! `counterpart match-names`, as its page in the documentation shows it.

use crate::command::{json, run};

const PAIRS: &str = "id,name1,name2,label\n\
                     1,\"Müller, Jürgen\",Juergen Mueller,true\n\
                     2,Владимир Петров,Vladimir Vladimirovich Petrov,yes\n\
                     3,John Smith Jr.,John Smith Sr.,0\n";

#[test]
fn pairs_are_judged_and_every_column_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pairs.csv"), PAIRS).expect("pairs.csv");
    let summary = json(
        folder.path(),
        &["match-names", "pairs.csv", "--out", "judged.csv"],
        "",
    );
    assert_eq!(
        (&summary["pairs"], &summary["match"]),
        (&3.into(), &2.into())
    );
    assert_eq!(summary["quality"]["f1"], 1.0, "{summary}");
    let judged = std::fs::read_to_string(folder.path().join("judged.csv")).expect("a file");
    let lines: Vec<&str> = judged.lines().collect();
    assert_eq!(lines[0], "id,name1,name2,label,score,match,reason");
    assert!(
        lines[1].starts_with("1,\"Müller, Jürgen\",Juergen Mueller,true,"),
        "{judged}"
    );
    assert!(lines[3].contains(",false,\"another generation"), "{judged}");
}

#[test]
fn the_threshold_and_the_columns_are_the_users() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "who;whom;kind\nAnn Lee;LEE Ann;x\nBill Ray;William Ray;y\n";
    std::fs::write(folder.path().join("pairs.csv"), file).expect("pairs.csv");
    let strict = json(
        folder.path(),
        &[
            "match-names",
            "pairs.csv",
            "--left",
            "who",
            "--right",
            "whom",
            "--threshold",
            "1",
            "--out",
            "judged.csv",
        ],
        "",
    );
    assert_eq!(strict["match"], 0, "{strict}");
    assert_eq!(strict.get("quality"), None);
}

#[test]
fn what_cannot_be_understood_is_said_with_its_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect(name);
    write("pairs.csv", PAIRS);
    write("unnamed.csv", "x,y,z\nAnn Lee,Ann Lee,1\n");
    write("vague.csv", "name1,name2,same\nAnn Lee,Ann Lee,perhaps\n");
    for (arguments, code, word) in [
        (
            &["match-names", "missing.csv", "--out", "o.csv"][..],
            1,
            "missing.csv",
        ),
        (
            &["match-names", "unnamed.csv", "--out", "o.csv"],
            1,
            "--left",
        ),
        (
            &[
                "match-names",
                "vague.csv",
                "--truth-column",
                "same",
                "--out",
                "o.csv",
            ],
            1,
            "line 2",
        ),
        (
            &[
                "match-names",
                "pairs.csv",
                "--left",
                "nobody",
                "--out",
                "o.csv",
            ],
            64,
            "nobody",
        ),
        (
            &["match-names", "pairs.csv", "--out", "pairs.csv"],
            64,
            "overwrite",
        ),
        (
            &[
                "match-names",
                "pairs.csv",
                "--threshold",
                "7",
                "--out",
                "o.csv",
            ],
            64,
            "from 0 to 1",
        ),
    ] {
        let output = run(folder.path(), arguments, "");
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(word), "{arguments:?}: {said}");
        assert!(!folder.path().join("o.csv").exists());
    }
}
