//! The Python environment of the peers.

use std::{
    fs,
    io::{self, Write},
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
    succeed(pip(&python, &requirements).arg("--quiet"))?;
    leave_stamp(&stamp, &wanted)?;
    Ok(python)
}

/// Adds the peer on pairs of names to the environment, which is that of `python`. Returns why it
/// cannot be measured: unlike the others it is compiled in part, and that is no reason to do
/// without the rest of the table.
pub(super) fn install_name_matcher(root: &Path, python: &Path) -> Result<Option<String>, Error> {
    let requirements = root.join("scripts/bench-match/requirements-names.txt");
    let wanted = fs::read_to_string(&requirements).map_err(|source| Error::Read {
        path: requirements.display().to_string(),
        source,
    })?;
    let stamp = python.with_file_name("requirements-names.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(None);
    }
    if let Err(error) = succeed(pip(python, &requirements).args(["--quiet", "--no-deps"])) {
        // The whole of it is too long for a table; a closed stderr is no reason to stop.
        let _ = writeln!(io::stderr(), "{error}");
        return Ok(Some(
            "not run: it was not installed; PyICU needs a C++ compiler, pkg-config and ICU's \
             headers (Debian: libicu-dev)"
                .to_owned(),
        ));
    }
    leave_stamp(&stamp, &wanted)?;
    Ok(None)
}

fn pip(python: &Path, requirements: &Path) -> Command {
    let mut command = Command::new(python);
    command
        .args(["-m", "pip", "install", "--no-input", "--requirement"])
        .arg(requirements);
    command
}

/// Says what is installed, so that the next run need not ask.
fn leave_stamp(stamp: &Path, wanted: &str) -> Result<(), Error> {
    fs::write(stamp, wanted).map_err(|source| Error::WriteFile {
        path: stamp.display().to_string(),
        source,
    })
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
