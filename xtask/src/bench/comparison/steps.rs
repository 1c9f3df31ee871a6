//! The steps of a comparison, each in a process of its own.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use serde::de::DeserializeOwned;

use super::{peers::succeed, sets::Set};
use crate::{
    Error,
    bench::{process::Measurement, score::Scores},
};

/// Where the programs and the files are.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) xtask: PathBuf,
    pub(super) counterpart: PathBuf,
    pub(super) python: PathBuf,
    /// The peers' scripts.
    pub(super) scripts: PathBuf,
    /// Where sets, pairs and results are written.
    pub(super) folder: PathBuf,
    /// Seconds a run may take.
    pub(super) timeout: u64,
}

impl Steps {
    /// Generates a set with the arguments of `cargo xtask directory`.
    pub(super) fn generate(&self, arguments: &[&str], out: &Path) -> Result<(), Error> {
        succeed(
            Command::new(&self.xtask)
                .arg("directory")
                .args(arguments)
                .arg("--out")
                .arg(out),
        )
    }

    /// Runs a program in a process of its own and measures it.
    pub(super) fn measure(&self, program: &[OsString]) -> Result<Measurement, Error> {
        let mut command = Command::new(&self.xtask);
        command
            .args(["bench", "measure", "--timeout"])
            .arg(self.timeout.to_string())
            .arg("--folder")
            .arg(&self.folder)
            .arg("--")
            .args(program);
        read_json(&mut command)
    }

    /// Scores the pairs that a tool wrote for a set.
    pub(super) fn score(
        &self,
        pairs: &Path,
        set: &Set,
        threshold: Option<f64>,
    ) -> Result<Scores, Error> {
        let mut command = Command::new(&self.xtask);
        command.args(["bench", "score"]).arg(pairs).arg(&set.truth);
        if let Some(threshold) = threshold {
            command.arg("--threshold").arg(threshold.to_string());
        }
        read_json(&mut command)
    }

    /// Where the pairs of the last run are written.
    pub(super) fn pairs_file(&self) -> PathBuf {
        self.folder.join("pairs.csv")
    }
}

fn read_json<T: DeserializeOwned>(command: &mut Command) -> Result<T, Error> {
    let name = format!("{command:?}");
    let output = command.output().map_err(|source| Error::Run {
        command: name.clone(),
        source,
    })?;
    if !output.status.success() {
        return Err(Error::Failed {
            command: name,
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        });
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Error::Malformed {
        path: format!("the output of {name}"),
        message: error.to_string(),
    })
}
