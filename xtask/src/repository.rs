//! The files of the repository, as git knows them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Error;

/// The files that belong to the repository: tracked ones, and new ones that are not ignored, so
/// that a rule speaks before the commit and not after it.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
    /// Relative to the root, with forward slashes, sorted.
    files: Vec<String>,
}

impl Repository {
    pub(crate) fn discover(root: &Path) -> Result<Self, Error> {
        let arguments = [
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ];
        let command = format!("git {}", arguments.join(" "));
        let output = Command::new("git")
            .args(arguments)
            .current_dir(root)
            .output()
            .map_err(|source| Error::Run {
                command: command.clone(),
                source,
            })?;
        if !output.status.success() {
            return Err(Error::Failed {
                command,
                message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            });
        }
        let listing = String::from_utf8_lossy(&output.stdout);
        let files = listing
            .split('\0')
            .filter(|file| !file.is_empty())
            // git lists a file as long as its deletion is not committed
            .filter(|file| root.join(file).is_file())
            .map(str::to_owned);
        Ok(Self::of(root, files))
    }

    pub(crate) fn of(root: &Path, files: impl IntoIterator<Item = String>) -> Self {
        let mut files: Vec<String> = files.into_iter().collect();
        files.sort();
        files.dedup();
        Self {
            root: root.to_owned(),
            files,
        }
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// Files below a folder, e.g. `crates/model/src`.
    pub(crate) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.files().filter(move |file| {
            file.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Names of the folders directly in a folder, in order.
    pub(crate) fn folders_in(&self, folder: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .files()
            .filter_map(|file| {
                file.strip_prefix(folder)?
                    .strip_prefix('/')?
                    .split_once('/')
            })
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(crate) fn contains(&self, file: &str) -> bool {
        self.files
            .binary_search_by(|known| known.as_str().cmp(file))
            .is_ok()
    }

    /// Whether a file or a folder of that name is in the repository.
    pub(crate) fn contains_path(&self, path: &str) -> bool {
        path.is_empty() || self.contains(path) || self.below(path).next().is_some()
    }

    pub(crate) fn read(&self, file: &str) -> Result<String, Error> {
        self.read_bytes(file).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| Error::Malformed {
                path: file.to_owned(),
                message: "not UTF-8 text".to_owned(),
            })
        })
    }

    /// The text of a file, `None` for a binary one.
    pub(crate) fn read_text(&self, file: &str) -> Result<Option<String>, Error> {
        Ok(String::from_utf8(self.read_bytes(file)?)
            .ok()
            .filter(|text| !text.contains('\0')))
    }

    fn read_bytes(&self, file: &str) -> Result<Vec<u8>, Error> {
        fs::read(self.root.join(file)).map_err(|source: io::Error| Error::Read {
            path: file.to_owned(),
            source,
        })
    }
}

#[cfg(test)]
pub(crate) mod fixture {
    use super::{Path, PathBuf, Repository, fs};

    /// A repository of the given files in a folder that goes when it is dropped.
    pub(crate) struct Fixture {
        _folder: tempfile::TempDir,
        pub(crate) repository: Repository,
    }

    pub(crate) fn repository_of(files: &[(&str, &str)]) -> Fixture {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (file, text) in files {
            let path: PathBuf = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let names = files.iter().map(|(file, _)| (*file).to_owned());
        let repository = Repository::of(folder.path(), names);
        Fixture {
            _folder: folder,
            repository,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::repository_of;

    #[test]
    fn a_folder_is_not_found_by_the_beginning_of_its_name() {
        let fixture = repository_of(&[("crates/store/src/lib.rs", ""), ("crates/store-x/a", "")]);
        assert_eq!(fixture.repository.below("crates/store").count(), 1);
        assert_eq!(
            fixture.repository.folders_in("crates"),
            ["store", "store-x"]
        );
        assert!(fixture.repository.contains_path("crates/store/src"));
        assert!(!fixture.repository.contains_path("crates/st"));
    }
}
