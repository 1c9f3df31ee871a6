//! The Python environment of the peers.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Error;

/// Creates the environment when there is none for the pinned requirements. Returns its Python.
pub(super) fn install(root: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let requirements = root.join("scripts/bench-match/requirements.txt");
    let wanted = fs::read_to_string(&requirements).map_err(|source| Error::Read {
        path: requirements.display().to_string(),
        source,
    })?;
    let environment = folder.join("venv");
    let python = environment.join("bin/python");
    let stamp = environment.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let base = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !is_new_enough(&base)? {
        return Err(Error::Failed {
            command: base,
            message: "the other matchers need Python 3.11 or newer; set PYTHON to one".to_owned(),
        });
    }
    succeed(
        Command::new(base)
            .args(["-m", "venv", "--clear"])
            .arg(&environment),
    )?;
    succeed(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-input",
                "--requirement",
            ])
            .arg(&requirements),
    )?;
    fs::write(&stamp, wanted).map_err(|source| Error::WriteFile {
        path: stamp.display().to_string(),
        source,
    })?;
    Ok(python)
}

fn is_new_enough(python: &str) -> Result<bool, Error> {
    Command::new(python)
        .args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"])
        .status()
        .map(|status| status.success())
        .map_err(|source| Error::Run {
            command: python.to_owned(),
            source,
        })
}

/// Runs a command that must succeed.
pub(super) fn succeed(command: &mut Command) -> Result<(), Error> {
    let name = format!("{command:?}");
    let output = command.output().map_err(|source| Error::Run {
        command: name.clone(),
        source,
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Failed {
        command: name,
        message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}
