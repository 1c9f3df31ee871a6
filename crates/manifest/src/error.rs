//! What can be wrong with a manifest.

use std::fmt;

/// One thing that is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestProblem {
    /// The line it stands in, from 1; `None` when it is something missing from the whole file.
    pub line: Option<usize>,
    /// The key, for example `users.full.paging`; empty for the file as a whole.
    pub key: String,
    /// What is wrong, and what to do.
    pub problem: String,
}

/// Everything that is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// The file, as it was named to the loader.
    pub file: String,
    /// What is wrong, in the order of the file.
    pub problems: Vec<ManifestProblem>,
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            f.write_str(&self.file)?;
            if let Some(line) = problem.line {
                write!(f, ":{line}")?;
            }
            if !problem.key.is_empty() {
                write!(f, ": {}", problem.key)?;
            }
            write!(f, ": {}", problem.problem)?;
        }
        Ok(())
    }
}

impl std::error::Error for ManifestError {}
