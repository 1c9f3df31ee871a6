//! Which files and lines of a crate are shipped, and which are there to test it.

use std::collections::BTreeSet;

use crate::{Error, repository::Repository, rust_source::RustSource};

/// A text file of which at least a part is shipped.
#[derive(Debug)]
pub(super) struct ProductionFile {
    pub(super) path: String,
    pub(super) text: String,
    /// Empty for anything but Rust.
    pub(super) rust: RustSource,
}

impl ProductionFile {
    /// The lines that are shipped, comments included, counted from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .filter(|(number, _)| !self.rust.is_test_line(*number))
    }
}

/// The text files of a folder without those that only tests use: folders named `tests`,
/// `benches`, `conformance`, `fixtures` and `snapshots`, files named `tests.rs`, modules under `#[cfg(test)]`.
pub(super) fn production_files(
    repository: &Repository,
    folder: &str,
) -> Result<Vec<ProductionFile>, Error> {
    let mut files = Vec::new();
    let mut test_modules = BTreeSet::new();
    for path in repository.below(folder) {
        if is_for_tests(path) {
            continue;
        }
        let Some(text) = repository.read_text(path)? else {
            continue;
        };
        let rust = if has_extension(path, "rs") {
            RustSource::parse(&text)
        } else {
            RustSource::default()
        };
        for module in rust.test_modules() {
            test_modules.insert(format!("{}/{module}", module_folder(path)));
        }
        files.push(ProductionFile {
            path: path.to_owned(),
            text,
            rust,
        });
    }
    files.retain(|file| {
        !test_modules.iter().any(|module| {
            file.path
                .strip_prefix(module.as_str())
                .is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        })
    });
    Ok(files)
}

pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

fn is_for_tests(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || path.split('/').any(|part| {
            matches!(
                part,
                "tests" | "benches" | "conformance" | "fixtures" | "snapshots"
            )
        })
}

/// The folder in which the modules that a file declares are found.
fn module_folder(path: &str) -> &str {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if matches!(name, "lib.rs" | "main.rs" | "mod.rs" | "build.rs") {
        folder
    } else {
        path.strip_suffix(".rs").unwrap_or(path)
    }
}

#[cfg(test)]
mod tests {
    use super::production_files;
    use crate::repository::fixture::repository_of;

    #[test]
    fn what_only_tests_use_is_left_out() {
        let fixture = repository_of(&[
            (
                "crates/a/src/lib.rs",
                "#[cfg(test)]\nmod answers;\nmod real;",
            ),
            ("crates/a/src/answers.rs", ""),
            ("crates/a/src/answers_of_people.rs", ""),
            (
                "crates/a/src/real.rs",
                "fn f() {}\n#[cfg(test)]\nmod tests {\n}\n",
            ),
            ("crates/a/src/real/tests.rs", ""),
            ("crates/a/tests/it/main.rs", ""),
        ]);
        let files = production_files(&fixture.repository, "crates/a").expect("readable");
        let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            names,
            [
                "crates/a/src/answers_of_people.rs",
                "crates/a/src/lib.rs",
                "crates/a/src/real.rs",
            ]
        );
        let lines: Vec<usize> = files[2].lines().map(|(number, _)| number).collect();
        assert_eq!(lines, [1]);
    }
}
