//! The commands in the documentation are understood, and run where they can be.

use std::path::{Path, PathBuf};

use crate::command::run;

/// The `counterpart` commands in the shell blocks of a page.
fn commands(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).expect("a page");
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside && line.contains("counterpart ") {
            let command = line.rsplit(" | ").next().unwrap_or(line);
            found.push(command.trim().to_owned());
        }
    }
    found
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut pages = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                pages.push(path);
            }
        }
    }
    pages
}

/// Words of a command line, with double quotes taken together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '"' | '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("one at least").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_in_the_documentation_is_understood() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut seen = 0;
    for page in pages() {
        for command in commands(&page) {
            let words = words(&command);
            let Some(("counterpart", rest)) = words
                .split_first()
                .map(|(first, rest)| (first.as_str(), rest))
            else {
                continue;
            };
            seen += 1;
            let mut arguments: Vec<&str> = rest.iter().map(String::as_str).collect();
            // With --help nothing is done, but everything before it must be understood.
            arguments.push("--help");
            let output = run(folder.path(), &arguments, "");
            assert!(
                output.status.success(),
                "{}: `{command}`: {}",
                page.display(),
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
    assert!(seen >= 15, "only {seen} commands were found");
}

#[test]
fn getting_started_works_as_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/get-started.md");
    for command in commands(&page) {
        let words = words(&command);
        let arguments: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
        if arguments[0] == "serve" || arguments.contains(&"--database") {
            continue;
        }
        let output = run(folder.path(), &arguments, "a long passphrase\n");
        assert!(
            output.status.success(),
            "`{command}`: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn every_command_in_a_remedy_is_understood() {
    let folder = tempfile::tempdir().expect("a folder");
    for code in counterpart_model::Code::ALL {
        let quoted = code.remedy().split('`').skip(1).step_by(2);
        for command in quoted.filter(|text| text.starts_with("counterpart ")) {
            let words = words(command);
            let mut arguments: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
            // A word in capitals stands for whatever the reader means.
            arguments.retain(|word| *word != "COMMAND");
            arguments.push("--help");
            let output = run(folder.path(), &arguments, "");
            assert!(
                output.status.success(),
                "{code}: `{command}`: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}
