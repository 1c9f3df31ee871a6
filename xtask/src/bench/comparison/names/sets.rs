//! The sets of pairs: the generated one, the one ours was made with, and those of a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use csv::StringRecord;

use crate::{
    Error,
    bench::comparison::{
        Arguments,
        sets::is_wanted,
        steps::Steps,
        targets::{Target, Targets},
    },
};

/// Pairs of the generated set.
const GENERATED: &str = "10000";
/// Where the pairs are that ours was made with.
const DEVELOPMENT: &str = "crates/matching/tests/data/name_pairs.psv";

/// Headers of the two names that go together, in small letters and digits alone.
const NAMES: [(&str, &str); 9] = [
    ("name1", "name2"),
    ("namea", "nameb"),
    ("left", "right"),
    ("leftname", "rightname"),
    ("nameleft", "nameright"),
    ("query", "candidate"),
    ("queryname", "resultname"),
    ("name", "othername"),
    ("name", "alias"),
];
/// Headers of the truth.
const TRUTHS: [&str; 7] = [
    "match", "ismatch", "truth", "label", "expected", "same", "gold",
];

/// Pairs of names whose truth is known.
#[derive(Debug)]
pub(super) struct PairSet {
    pub(super) name: String,
    /// As the tools read it: `name1`, `name2` and `match`.
    pub(super) pairs: PathBuf,
    /// The first pair alone.
    pub(super) first_pair: PathBuf,
    pub(super) truth: Vec<bool>,
    /// What was done to each pair, with spaces between; often nothing is known of it.
    pub(super) tags: Vec<String>,
    /// Whether there are pairs of one name and pairs of two.
    pub(super) has_both: bool,
    pub(super) target: Target,
}

/// Generates and finds the sets. The generated one is the first whenever there are any, because
/// peers take their threshold from it where all pairs match.
pub(super) fn prepare(
    arguments: &Arguments,
    root: &Path,
    steps: &Steps,
) -> Result<Vec<PairSet>, Error> {
    let targets = Targets::read(&root.join("scripts/bench-match/targets.toml"))?;
    let folder = steps.folder.join("sets");
    let generated = "names-generated".to_owned();
    let mut sources = vec![(
        "names-development".to_owned(),
        root.join(DEVELOPMENT),
        targets.clone(),
    )];
    if let Some(datasets) = &arguments.datasets {
        let own = datasets.join("targets.toml");
        let own = if own.is_file() {
            Targets::read(&own)?
        } else {
            targets.clone()
        };
        let mut found = Vec::new();
        search(datasets, "names-", &mut found)?;
        found.sort();
        sources.extend(
            found
                .into_iter()
                .map(|(name, path)| (name, path, own.clone())),
        );
    }
    sources.retain(|(name, ..)| is_wanted(name, arguments));
    if sources.is_empty() && !is_wanted(&generated, arguments) {
        return Ok(Vec::new());
    }
    let drawn = folder.join(&generated);
    let seed = arguments.seed.to_string();
    steps.generate(&["--name-pairs", GENERATED, "--seed", &seed], &drawn)?;
    sources.insert(0, (generated, drawn.join("pairs.csv"), targets));
    let set = |(name, path, targets): (String, PathBuf, Targets)| {
        let pairs = Pairs::read(&path)?.ok_or_else(|| Error::Malformed {
            path: path.display().to_string(),
            message: "it has no columns name1 and name2 with pairs of names".to_owned(),
        })?;
        pairs.into_set(name, &folder, &targets)
    };
    sources.into_iter().map(set).collect()
}

/// Whether a folder has pairs of names anywhere.
pub(in crate::bench::comparison) fn is_any_in(folder: &Path) -> Result<bool, Error> {
    let mut found = Vec::new();
    search(folder, "", &mut found)?;
    Ok(!found.is_empty())
}

/// Adds every CSV file below the folder that has pairs of names, named by its path.
fn search(folder: &Path, name: &str, found: &mut Vec<(String, PathBuf)>) -> Result<(), Error> {
    let failed = |source| Error::Read {
        path: folder.display().to_string(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let part = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            search(&path, &format!("{name}{part}/"), found)?;
        } else if path.extension().is_some_and(|extension| extension == "csv") && has_pairs(&path) {
            found.push((format!("{name}{part}"), path));
        }
    }
    Ok(())
}

/// By the header alone; a file that is no CSV in UTF-8 has none.
fn has_pairs(path: &Path) -> bool {
    csv::Reader::from_path(path).is_ok_and(|mut reader| {
        reader
            .headers()
            .is_ok_and(|headers| Columns::find(headers).is_some())
    })
}

/// Where the names, the truth and the tags are.
#[derive(Debug, PartialEq, Eq)]
struct Columns {
    name: usize,
    other: usize,
    /// `None`: all pairs match.
    truth: Option<usize>,
    tags: Option<usize>,
}

impl Columns {
    /// `None` when there are no two columns of names, or nothing says whether they match: a file
    /// without a truth is one of matches only if it has nothing but the names.
    fn find(headers: &StringRecord) -> Option<Self> {
        let headers: Vec<String> = headers
            .iter()
            .map(|header| {
                let letters = header.chars().filter(|letter| letter.is_alphanumeric());
                letters.collect::<String>().to_lowercase()
            })
            .collect();
        let place = |wanted: &str| headers.iter().position(|header| header == wanted);
        let (name, other) = NAMES
            .iter()
            .find_map(|(name, other)| place(name).zip(place(other)))?;
        let truth = TRUTHS.iter().find_map(|truth| place(truth));
        (truth.is_some() || headers.len() == 2).then(|| Self {
            name,
            other,
            truth,
            tags: place("tags").or_else(|| place("group")),
        })
    }
}

/// What a file holds.
#[derive(Debug, Default)]
struct Pairs {
    names: Vec<(String, String)>,
    truth: Vec<bool>,
    tags: Vec<String>,
}

impl Pairs {
    /// `None` when the file has no pairs of names.
    fn read(path: &Path) -> Result<Option<Self>, Error> {
        let malformed = |message: String| Error::Malformed {
            path: path.display().to_string(),
            message,
        };
        let unreadable = |error: csv::Error| malformed(error.to_string());
        let mut builder = csv::ReaderBuilder::new();
        if path.extension().is_some_and(|extension| extension == "psv") {
            builder.delimiter(b'|').comment(Some(b'#')).quoting(false);
        }
        let mut reader = builder.from_path(path).map_err(unreadable)?;
        let Some(columns) = Columns::find(reader.headers().map_err(unreadable)?) else {
            return Ok(None);
        };
        let mut pairs = Self::default();
        for row in reader.records() {
            let row = row.map_err(unreadable)?;
            let cell = |place: usize| row.get(place).unwrap_or("").to_owned();
            let truth = columns
                .truth
                .map_or(Some(true), |place| is_true(&row[place]));
            pairs.truth.push(truth.ok_or_else(|| {
                let line = row.position().map_or(0, csv::Position::line);
                malformed(format!(
                    "line {line} does not say true or false, yes or no, 1 or 0"
                ))
            })?);
            pairs.names.push((cell(columns.name), cell(columns.other)));
            pairs.tags.push(columns.tags.map_or(String::new(), cell));
        }
        Ok((!pairs.names.is_empty()).then_some(pairs))
    }

    /// Writes the pairs as all tools read them.
    fn into_set(self, name: String, folder: &Path, targets: &Targets) -> Result<PairSet, Error> {
        let file = format!("{}.csv", name.replace('/', "-"));
        let (pairs, first_pair) = (folder.join(&file), folder.join(format!("first-of-{file}")));
        self.write(&pairs, self.names.len())?;
        self.write(&first_pair, 1)?;
        let has_both = self.truth.contains(&true) && self.truth.contains(&false);
        Ok(PairSet {
            target: targets.of_names(&name),
            name,
            pairs,
            first_pair,
            truth: self.truth,
            tags: self.tags,
            has_both,
        })
    }

    fn write(&self, path: &Path, most: usize) -> Result<(), Error> {
        let write = || -> csv::Result<()> {
            let mut writer = csv::Writer::from_path(path)?;
            writer.write_record(["name1", "name2", "match"])?;
            for ((name, other), truth) in self.names.iter().zip(&self.truth).take(most) {
                let truth = if *truth { "true" } else { "false" };
                writer.write_record([name, other, truth])?;
            }
            Ok(writer.flush()?)
        };
        write().map_err(|error| Error::WriteFile {
            path: path.display().to_string(),
            source: error.into(),
        })
    }
}

fn is_true(cell: &str) -> Option<bool> {
    match cell.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use csv::StringRecord;

    use super::{Columns, Pairs, search};

    fn columns(headers: &[&str]) -> Option<Columns> {
        Columns::find(&StringRecord::from(headers.to_vec()))
    }

    #[test]
    fn a_file_without_a_truth_has_pairs_only_if_it_has_nothing_else() {
        assert_eq!(columns(&["name1", "name2"]).expect("are names").truth, None);
        assert_eq!(columns(&["name1", "relationship", "name2"]), None);
        assert_eq!(columns(&["a_id", "b_id"]), None);
        let found = columns(&["id", "Name A", "Name_B", "Is match", "tags"]).expect("are names");
        assert_eq!((found.name, found.other), (1, 2));
        assert_eq!((found.truth, found.tags), (Some(3), Some(4)));
    }

    #[test]
    fn files_are_found_below_the_folder_and_read() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("is in a folder")).expect("is made");
            fs::write(path, text).expect("is written");
        };
        write(
            "x/pairs.csv",
            "left,right,label\n\"Doe, Jo\",Jo Doe,yes\nJo,Al,no\n",
        );
        write("x/a.csv", "id,name\n1,Jo Doe\n");
        write("notes.txt", "name1,name2\n");
        let mut found = Vec::new();
        search(folder.path(), "names-", &mut found).expect("is readable");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "names-x/pairs");
        let pairs = Pairs::read(&found[0].1)
            .expect("is readable")
            .expect("has pairs");
        assert_eq!(pairs.names[0].0, "Doe, Jo");
        assert_eq!(pairs.truth, [true, false]);
    }

    #[test]
    fn a_truth_that_cannot_be_read_is_named_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("pairs.csv");
        fs::write(&path, "name1,name2,match\na,b,true\na,c,maybe\n").expect("is written");
        let error = Pairs::read(&path).expect_err("maybe is no truth");
        assert!(error.to_string().contains("line 3"), "{error}");
    }
}
